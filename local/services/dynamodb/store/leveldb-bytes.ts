/** What LevelDB's file formats are made of: checksums, numbers of variable length, compressed blocks. */

const CRC32C = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0x82f6_3b78 : 0);
  return value;
});

/** CRC-32C as LevelDB stores it: rotated, and moved by a constant. */
export const maskedCrc = (bytes: Uint8Array): number => {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC32C[(crc ^ byte) & 0xff] ?? 0);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0;
};

/** A cursor over bytes; past their end it throws a RangeError. */
export class Cursor {
  at = 0;
  constructor(readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes.readUInt8(this.at);
      this.at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Buffer {
    if (length > this.left) throw new RangeError("past the end");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  taken(): Buffer {
    return this.take(this.varint());
  }
}

/** https://github.com/google/snappy/blob/main/format_description.txt */
export const unsnappy = (compressed: Buffer): Buffer => {
  const from = new Cursor(compressed);
  const to = Buffer.alloc(from.varint());
  let end = 0;
  const copy = (offset: number, length: number): void => {
    if (offset === 0 || offset > end || end + length > to.length) throw new RangeError("past the end");
    // Byte by byte: a copy may reach into itself.
    for (const last = end + length; end < last; end += 1) to[end] = to[end - offset] ?? 0;
  };
  while (from.left > 0) {
    const tag = from.take(1).readUInt8();
    const high = tag >>> 2;
    switch (tag & 3) {
      case 0: {
        const literal = from.take((high < 60 ? high : from.take(high - 59).readUIntLE(0, high - 59)) + 1);
        end += literal.copy(to, end);
        break;
      }
      case 1:
        copy(((tag >>> 5) << 8) | from.take(1).readUInt8(), (high & 7) + 4);
        break;
      case 2:
        copy(from.take(2).readUInt16LE(), high + 1);
        break;
      default:
        copy(from.take(4).readUInt32LE(), high + 1);
    }
  }
  return to;
};
