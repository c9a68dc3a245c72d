// What a tensor can do. Every entry of the package brings it: functions that a program imports call
// methods, and nothing but this registers them.

import './tensor/methods.ts';
import './tensor/misuse.ts';
import './autograd/backward.ts';
