/** A winmail.dat as Outlook wraps attachments ([MS-OXTNEF]): signature, then attributes of level, id, length, value, checksum. */
const attachRendering = 0x00069002
const attachTitle = 0x00018010
const attachData = 0x0006800f
const messageBody = 0x0002800c

export function winmail(text: string, file: { name: string; bytes: Buffer }): Buffer {
  const start = Buffer.alloc(6)
  start.writeUInt32LE(0x223e9f78, 0)
  start.writeUInt16LE(1, 4)
  const parts = [
    attribute(1, messageBody, Buffer.from(`${text}\0`, 'latin1')),
    attribute(2, attachRendering, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
  ]
  return Buffer.concat([
    start,
    ...parts,
    attribute(2, attachTitle, Buffer.from(`${file.name}\0`, 'latin1')),
    attribute(2, attachData, file.bytes),
  ])
}

function attribute(level: number, id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt8(level, 0)
  head.writeUInt32LE(id, 1)
  head.writeUInt32LE(value.length, 5)
  const check = Buffer.alloc(2)
  check.writeUInt16LE(
    value.reduce((sum, byte) => (sum + byte) & 0xffff, 0),
    0,
  )
  return Buffer.concat([head, value, check])
}
