/** Ways to connect that no program of the runtime's takes, and of which Landlock is not asked. */
import type { Libc } from "../../../lib/sandbox/walls/libc.ts";

const AF_INET = 2;
const SOCK_STREAM = 1;
const IPPROTO_MPTCP = 262;
const MSG_FASTOPEN = 0x20000000;
const EPERM = -1;

/** What came of each: `refused` where the kernel was not let. Without a C library there is nothing to try. */
export function connectOddly(libc: Libc | null, port: number): Record<string, string> {
  if (libc === null) return {};
  const address = new DataView(new ArrayBuffer(16)); // struct sockaddr_in
  address.setUint16(0, AF_INET, true);
  address.setUint16(2, port);
  address.setUint32(4, 0x7f000001);
  const text = new TextEncoder().encode("x");
  const message = messageTo(libc, address, text);
  const tcp = () => libc.call("socket", AF_INET, SOCK_STREAM, 0);
  const answers: Record<string, number> = {
    fastOpen: libc.call("sendto", tcp(), text, 1, MSG_FASTOPEN, address, 16),
    fastOpenMessage: libc.call("sendmsg", tcp(), message, MSG_FASTOPEN),
    multipath: libc.call("socket", AF_INET, SOCK_STREAM, IPPROTO_MPTCP),
  };
  const outcomes = Object.entries(answers).map(([way, answer]) =>
    [way, answer === EPERM ? "refused" : `did: ${answer}`] as const
  );
  return Object.fromEntries(outcomes);
}

/** `struct msghdr` with one `struct iovec`. */
function messageTo(libc: Libc, address: DataView<ArrayBuffer>, text: Uint8Array<ArrayBuffer>) {
  const piece = new BigUint64Array([libc.addressOf(text), BigInt(text.length)]);
  const message = new BigUint64Array(7);
  message.set([libc.addressOf(address), BigInt(address.byteLength), libc.addressOf(piece), 1n]);
  return message;
}
