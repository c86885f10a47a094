/** Classic BPF as the kernel runs it for seccomp: the few instructions that the filter is made of. */
import type { Instruction } from "../../../lib/sandbox/walls/seccomp.ts";

export interface SystemCall {
  readonly number: number;
  readonly architecture: number;
  readonly args: readonly number[];
}

/** What the filter answers: `SECCOMP_RET_*` with its data. @throws {Error} for a filter that does not end. */
export function decide(filter: readonly Instruction[], call: SystemCall): number {
  let word = 0;
  for (let at = 0; at < filter.length; at++) {
    const [code, jt, jf, k] = filter[at]!;
    switch (code) {
      case 0x20:
        word = wordAt(call, k);
        break;
      case 0x54:
        word = (word & k) >>> 0;
        break;
      case 0x15:
        at += word === k ? jt : jf;
        break;
      case 0x35:
        at += word >= k ? jt : jf;
        break;
      case 0x45:
        at += (word & k) !== 0 ? jt : jf;
        break;
      case 0x06:
        return k;
      default:
        throw new Error(`Not an instruction of these filters: ${code}`);
    }
  }
  throw new Error("The filter runs over its end");
}

/** `struct seccomp_data`, little-endian. */
function wordAt({ number, architecture, args }: SystemCall, offset: number): number {
  if (offset === 0) return number >>> 0;
  if (offset === 4) return architecture >>> 0;
  const index = (offset - 16) / 8;
  return Number.isInteger(index) ? (args[index] ?? 0) >>> 0 : 0;
}
