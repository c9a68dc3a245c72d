// Loops read from assembly as Mesa's compiler for RDNA3 prints it: two kernels, shortened.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countAll, fmaShare, mainLoop, total } from '../../../bench/isa/disassembly.ts';
import { nestShare, readStatistics } from '../../../bench/isa/statistics.ts';

const test = suite('bench isa disassembly');

/** A tiled product: 16 turns of an inner loop for each turn of an outer one that has no constant end. */
const tiled = `Device: AMD Radeon Graphics (RADV NAVI31)
Driver: Mesa 25.0.7
SGPRs: 128
VGPRs: 108
Spilled VGPRs: 0
Code size: 5956
LDS size: 8704
Scratch size: 0
Subgroups per SIMD: 14
---- Assembly
BB0:
	s_and_b32 s8, s8, 0xfc0                                     ; 8b08ff08 00000fc0
	v_mov_b32_e32 v1, 0                                         ; 7e080280
	s_nop 0                                                     ; bf800000
	(then repeated 6 times)
BB12:
	s_cmp_ge_u32 s20, s43                                       ; bf092b14
	s_cbranch_scc1 BB21                                         ; bfa2020c
BB15:
	s_buffer_load_b128 s[24:27], s[8:11], 0x30                  ; f4280604 f8000030
	s_delay_alu instid0(VALU_DEP_3) | instskip(SKIP_3) | instid1(VALU_DEP_2) ; bf870143
	v_min_u32_e32 v60, s0, v59                                  ; 26787600
	s_waitcnt lgkmcnt(0)                                        ; bf89fc07
	buffer_load_b32 v68, v60, s[12:15], 0 offen                 ; e0500000 8043443c
	s_waitcnt vmcnt(0)                                          ; bf8903f7
	ds_store_b32 v96, v68 offset:4160                           ; d8341040 00004460
	s_barrier                                                   ; bfbd0000
	s_mov_b32 s0, 0                                             ; be800080
BB16:
	ds_load_b32 v60, v59 offset:4160                            ; d8d81040 3c00003b
	s_add_u32 s0, s0, 1                                         ; 80008100
	s_cmp_ge_u32 s0, 16                                         ; bf099000
	v_fmac_f32_e32 v33, v61, v65                                ; 5642833d
	v_dual_fmac_f32 v19, v62, v64 :: v_dual_mov_b32 v1, v2      ; 5626813e
	v_fmac_f32_e32 v55, v59, v71                                ; 566e8f3b
	s_cbranch_scc0 BB16                                         ; bfa1ffc1
BB20:
	s_barrier                                                   ; bfbd0000
	s_add_u32 s20, s20, 16                                      ; 80149014
	s_branch BB12                                               ; bfa0fdee
BB21:
	v_fma_f32 v3, v4, v5, v6                                    ; d6130003 041a0b04
	s_endpgm                                                    ; bfb00000
`;

test('a turn of the innermost loop is counted by kind, hints and waits left out', () => {
  const loop = mainLoop(tiled);
  assert.equal(loop?.innermost, { fma: 3, valu: 1, lds: 1, vmem: 0, smem: 0, salu: 3 });
});

test('an f16 that becomes f32 is no multiply-add', () => {
  const converting = tiled.replace(
    'v_fmac_f32_e32 v55, v59, v71 ',
    'v_fma_mix_f32 v55, v59, 1.0, neg(0) op_sel_hi:[1,0,0] ',
  );
  const loop = mainLoop(converting);
  assert.equal(loop?.innermost, { fma: 2, valu: 2, lds: 1, vmem: 0, smem: 0, salu: 3 });
});

test('the nest has all turns of the inner loop, and what stands around it once', () => {
  const loop = mainLoop(tiled);
  assert.equal(loop?.nest, {
    fma: 16 * 3,
    valu: 16 + 1,
    lds: 16 + 1,
    vmem: 1,
    smem: 1,
    salu: 16 * 3 + 5,
  });
  assert.is(loop?.hasUnknownTurns, false);
  assert.ok(loop && Math.abs(fmaShare(loop.nest) - 48 / total(loop.nest)) < 1e-12);
});

test('what the driver tells is read along', () => {
  const statistics = readStatistics(tiled, 128);
  assert.is(statistics.registers, 108);
  assert.is(statistics.spills, 0);
  assert.is(statistics.waves, 14);
  assert.is(statistics.workgroupBytes, 8704);
  assert.is(statistics.instructions.fma, 4);
  assert.is(nestShare(statistics), 48 / 137);
});

test('turns that depend on parameters count once and are said to be unknown', () => {
  const loop = mainLoop(tiled.replace('s_cmp_ge_u32 s0, 16', 's_cmp_ge_u32 s0, s7'));
  assert.is(loop?.nest.fma, 3);
  assert.is(loop?.hasUnknownTurns, true);
});

test('unless somebody knows them', () => {
  const loop = mainLoop(tiled.replace('s_cmp_ge_u32 s0, 16', 's_cmp_ge_u32 s0, s7'), 16);
  assert.equal(loop, mainLoop(tiled));
});

test('other starts and steps than 0 and 1 are read as well', () => {
  const stepped = tiled
    .replace('s_mov_b32 s0, 0 ', 's_movk_i32 s0, 0x8 ')
    .replace('s_add_u32 s0, s0, 1', 's_addk_i32 s0, 0x4');
  assert.is(mainLoop(stepped)?.nest.fma, 2 * 3);
});

test('loads are ahead where multiply-adds stand between them and the wait', () => {
  assert.is(mainLoop(tiled)?.loadsAhead, false);
  const ahead = tiled
    .replace('s_waitcnt vmcnt(0) ', 's_nop 0 ')
    .replace(
      '\ts_barrier                                                   ; bfbd0000\n\ts_add_u32 s20',
      '\ts_waitcnt vmcnt(0) ;\n\ts_barrier ;\n\ts_add_u32 s20',
    );
  assert.is(mainLoop(ahead)?.loadsAhead, true);
});

test('of two nests that multiply as much, the one without the tests of a ragged end counts', () => {
  const ragged = tiled
    .replace(/BB(\d+)/g, 'BB9$1')
    .replace('v_min_u32_e32 v60', 'v_cmp_gt_u32_e32 vcc, s43, v59 ;\n\tv_min_u32_e32 v60');
  const both = `${ragged.replace('s_endpgm', 's_nop 0')}\n${tiled.slice(tiled.indexOf('BB0:'))}`;
  assert.equal(mainLoop(both)?.nest, mainLoop(tiled)?.nest);
});

test('a kernel without a loop of multiply-adds has none', () => {
  assert.is(mainLoop('BB0:\n\tv_add_f32_e32 v1, v2, v3\n\ts_endpgm\n'), undefined);
  assert.is(countAll('BB0:\n\tv_pk_fma_f16 v1, v2, v3, v4\n').fma, 2);
});

test.run();
