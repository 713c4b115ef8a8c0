// A file of tiles (PMTiles 3) with one road around the world, for the check of streets under the map.
const varint = (number) => {
  const bytes = [];
  let left = number;
  do {
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return Buffer.from(bytes);
};
const field = (number, bytes) => Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
const count = (number, value) => Buffer.concat([varint(number << 3), varint(value)]);

// One vector tile: a line in the layer "roads", from the west to the east of it.
function tile() {
  const zigzag = (value) => (value << 1) ^ (value >> 31);
  const geometry = Buffer.concat([9, zigzag(0), zigzag(2048), 10, zigzag(4096), zigzag(-512)].map((part) => varint(part)));
  const feature = Buffer.concat([count(3, 2), field(4, geometry)]);
  return field(3, Buffer.concat([count(15, 2), field(1, Buffer.from("roads")), field(2, feature), count(5, 4096)]));
}

export function tiles() {
  const data = tile();
  const directory = Buffer.concat([1, 0, 1, data.length, 1].map((part) => varint(part)));
  const told = Buffer.from(JSON.stringify({ attribution: "<a href='https://a.example'>Invented Streets</a>", vector_layers: [{ id: "roads", fields: {} }] }));
  const head = Buffer.alloc(127);
  head.write("PMTiles\x03", "latin1");
  const parts = [127, directory.length, 127 + directory.length, told.length, 0, 0, 127 + directory.length + told.length, data.length, 1, 1, 1];
  parts.forEach((part, at) => head.writeBigUInt64LE(BigInt(part), 8 + at * 8));
  // Clustered, nothing compressed, vector tiles, of zoom 0 alone.
  head.set([1, 1, 1, 1, 0, 0], 96);
  [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000].forEach((edge, at) => head.writeInt32LE(edge, 102 + at * 4));
  return Buffer.concat([head, directory, told, data]);
}
