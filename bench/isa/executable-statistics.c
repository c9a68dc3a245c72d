// executable-statistics BINDINGS FILE.spv: compiles a compute shader on the first Vulkan driver there
// is and prints, each on a line "name: value", who the driver is and what statistics it has of the result
// (VK_KHR_pipeline_executable_properties), then the assembly.
// BINDINGS has a letter for each binding of descriptor set 0: u for a uniform buffer, s for storage,
// - for none.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vulkan.h>

#define ENTRY_POINT "dawn_entry_point" // what Dawn calls every entry point
#define MOST 32                        // bindings, executables of a pipeline

static void check(VkResult result, const char *what) {
  if (result == VK_SUCCESS) return;
  fprintf(stderr, "%s: error %d\n", what, result);
  exit(1);
}

static VkDevice open_device(void) {
  VkApplicationInfo application = {VK_STRUCTURE_TYPE_APPLICATION_INFO, .apiVersion = VK_API_VERSION_1_3};
  VkInstanceCreateInfo of_instance = {VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pApplicationInfo = &application};
  VkInstance instance;
  check(vkCreateInstance(&of_instance, NULL, &instance), "vkCreateInstance");
  uint32_t count = 1;
  VkPhysicalDevice adapter;
  VkResult found = vkEnumeratePhysicalDevices(instance, &count, &adapter);
  if (count == 0) found = VK_ERROR_INCOMPATIBLE_DRIVER;
  if (found != VK_INCOMPLETE) check(found, "no Vulkan adapter");

  VkPhysicalDeviceDriverProperties driver = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
  VkPhysicalDeviceProperties2 properties = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &driver};
  vkGetPhysicalDeviceProperties2(adapter, &properties);
  printf("Device: %s\nDriver: %s\n", properties.properties.deviceName, driver.driverInfo);

  float priority = 1;
  VkDeviceQueueCreateInfo queue = {VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO, .queueCount = 1, .pQueuePriorities = &priority};
  // What Dawn's shaders may use.
  VkPhysicalDeviceVulkan13Features f13 = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES,
    .maintenance4 = 1, .subgroupSizeControl = 1, .computeFullSubgroups = 1, .shaderZeroInitializeWorkgroupMemory = 1};
  VkPhysicalDeviceVulkan12Features f12 = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES, .pNext = &f13,
    .vulkanMemoryModel = 1, .vulkanMemoryModelDeviceScope = 1, .shaderFloat16 = 1};
  VkPhysicalDeviceVulkan11Features f11 = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES, .pNext = &f12,
    .storageBuffer16BitAccess = 1};
  VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR told = {
    VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR, .pNext = &f11, .pipelineExecutableInfo = 1};
  const char *extension = VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME;
  VkDeviceCreateInfo of_device = {VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, .pNext = &told, .queueCreateInfoCount = 1,
    .pQueueCreateInfos = &queue, .enabledExtensionCount = 1, .ppEnabledExtensionNames = &extension};
  VkDevice device;
  check(vkCreateDevice(adapter, &of_device, NULL, &device), "vkCreateDevice");
  return device;
}

static VkShaderModule load_shader(VkDevice device, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) { perror(path); exit(1); }
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  uint32_t *code = malloc(bytes);
  if (fread(code, 1, bytes, file) != (size_t)bytes) { perror(path); exit(1); }
  fclose(file);
  VkShaderModuleCreateInfo of_shader = {VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = bytes, .pCode = code};
  VkShaderModule shader;
  check(vkCreateShaderModule(device, &of_shader, NULL, &shader), "vkCreateShaderModule");
  return shader;
}

static VkPipeline compile(VkDevice device, VkShaderModule shader, const char *letters) {
  VkDescriptorSetLayoutBinding bindings[MOST];
  uint32_t count = 0;
  for (uint32_t i = 0; letters[i] && i < MOST; i++) {
    if (letters[i] == '-') continue;
    bindings[count++] = (VkDescriptorSetLayoutBinding){.binding = i, .descriptorCount = 1, .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
      .descriptorType = letters[i] == 'u' ? VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER};
  }
  VkDescriptorSetLayoutCreateInfo of_set = {VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO, .bindingCount = count, .pBindings = bindings};
  VkDescriptorSetLayout set;
  check(vkCreateDescriptorSetLayout(device, &of_set, NULL, &set), "vkCreateDescriptorSetLayout");
  VkPipelineLayoutCreateInfo of_layout = {VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO, .setLayoutCount = 1, .pSetLayouts = &set};
  VkPipelineLayout layout;
  check(vkCreatePipelineLayout(device, &of_layout, NULL, &layout), "vkCreatePipelineLayout");
  VkComputePipelineCreateInfo of_pipeline = {VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
    .flags = VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR | VK_PIPELINE_CREATE_CAPTURE_INTERNAL_REPRESENTATIONS_BIT_KHR,
    .stage = {VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO, .stage = VK_SHADER_STAGE_COMPUTE_BIT, .module = shader, .pName = ENTRY_POINT},
    .layout = layout};
  VkPipeline pipeline;
  check(vkCreateComputePipelines(device, VK_NULL_HANDLE, 1, &of_pipeline, NULL, &pipeline), "vkCreateComputePipelines");
  return pipeline;
}

static void print_statistics(VkDevice device, const VkPipelineExecutableInfoKHR *executable) {
  PFN_vkGetPipelineExecutableStatisticsKHR get = (void *)vkGetDeviceProcAddr(device, "vkGetPipelineExecutableStatisticsKHR");
  uint32_t count = 0;
  get(device, executable, &count, NULL);
  VkPipelineExecutableStatisticKHR *statistics = calloc(count, sizeof *statistics);
  for (uint32_t i = 0; i < count; i++) statistics[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR;
  get(device, executable, &count, statistics);
  for (uint32_t i = 0; i < count; i++) {
    if (statistics[i].format == VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_FLOAT64_KHR) printf("%s: %f\n", statistics[i].name, statistics[i].value.f64);
    else printf("%s: %llu\n", statistics[i].name, (unsigned long long)statistics[i].value.u64);
  }
}

static void print_assembly(VkDevice device, const VkPipelineExecutableInfoKHR *executable) {
  PFN_vkGetPipelineExecutableInternalRepresentationsKHR get = (void *)vkGetDeviceProcAddr(device, "vkGetPipelineExecutableInternalRepresentationsKHR");
  uint32_t count = 0;
  get(device, executable, &count, NULL);
  VkPipelineExecutableInternalRepresentationKHR *texts = calloc(count, sizeof *texts);
  for (uint32_t i = 0; i < count; i++) texts[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INTERNAL_REPRESENTATION_KHR;
  get(device, executable, &count, texts); // their sizes
  for (uint32_t i = 0; i < count; i++) texts[i].pData = calloc(1, texts[i].dataSize + 1);
  get(device, executable, &count, texts);
  for (uint32_t i = 0; i < count; i++) {
    if (strcmp(texts[i].name, "Assembly") == 0) printf("---- Assembly\n%s\n", (char *)texts[i].pData);
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s BINDINGS FILE.spv\n", argv[0]);
    return 2;
  }
  VkDevice device = open_device();
  VkPipeline pipeline = compile(device, load_shader(device, argv[2]), argv[1]);
  PFN_vkGetPipelineExecutablePropertiesKHR get = (void *)vkGetDeviceProcAddr(device, "vkGetPipelineExecutablePropertiesKHR");
  VkPipelineInfoKHR of = {VK_STRUCTURE_TYPE_PIPELINE_INFO_KHR, .pipeline = pipeline};
  uint32_t count = 0;
  get(device, &of, &count, NULL);
  for (uint32_t i = 0; i < count; i++) {
    VkPipelineExecutableInfoKHR executable = {VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR, .pipeline = pipeline, .executableIndex = i};
    print_statistics(device, &executable);
    print_assembly(device, &executable);
  }
  fflush(stdout);
  _Exit(0); // drivers may fall over their own end
}
