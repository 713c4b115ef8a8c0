// Streets from a file of tiles (PMTiles) that the desk was started with. What is drawn of it are water, roads, buildings and
// names, by the layers that Protomaps and OpenMapTiles name them; borders of tiles are never drawn.
import { addProtocol, type LayerSpecification, type SourceSpecification } from "maplibre-gl";
import { PMTiles, Protocol, TileType } from "pmtiles";
import type { Look } from "./look";

export interface Tiles {
  source: SourceSpecification;
  // The zoom of the closest tiles.
  closest: number;
  attribution: string;
  layers(look: Look): LayerSpecification[];
}

interface Told { attribution?: unknown; vector_layers?: { id: string }[] }

export async function tilesOf(path: string): Promise<Tiles> {
  const address = new URL(path, location.href).href;
  const protocol = new Protocol();
  addProtocol("pmtiles", protocol.tile);
  const file = new PMTiles(address);
  protocol.add(file);
  const [header, told] = await Promise.all([file.getHeader(), file.getMetadata() as Promise<Told>]);
  const url = `pmtiles://${address}`;
  const isVector = header.tileType === TileType.Mvt;
  const has = new Set((told.vector_layers ?? []).map((layer) => layer.id));
  return {
    closest: header.maxZoom,
    source: isVector ? { type: "vector", url } : { type: "raster", url, tileSize: 256 },
    attribution: told.attribution ? `Streets: ${plain(String(told.attribution))}.` : "Streets: the file of tiles names no source and no licence.",
    layers: (look) => (isVector ? layers(look, has) : [{ id: "tiles", type: "raster", source: "tiles", paint: { "raster-opacity": 0.9 } }]),
  };
}

function layers(look: Look, has: Set<string>): LayerSpecification[] {
  const named = (...names: string[]) => names.find((name) => has.has(name));
  const all: LayerSpecification[] = [];
  const [water, roads, buildings, places] = [named("water"), named("roads", "transportation"), named("buildings", "building"), named("places", "place")];
  const from = { source: "tiles" } as const;
  if (water) all.push({ id: "tile-water", type: "fill", ...from, "source-layer": water, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": look.sea } });
  if (buildings) all.push({ id: "tile-buildings", type: "fill", ...from, "source-layer": buildings, minzoom: 12, paint: { "fill-color": look.road, "fill-opacity": 0.5 } });
  if (roads) all.push({ id: "tile-roads", type: "line", ...from, "source-layer": roads, paint: { "line-color": look.road, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.5, 12, 1.5, 16, 5] } });
  if (places) {
    all.push({
      id: "tile-names", type: "symbol", ...from, "source-layer": places,
      layout: { "text-field": ["coalesce", ["get", "name:en"], ["get", "name"]], "text-size": 12 },
      paint: { "text-color": look.name, "text-halo-color": look.land, "text-halo-width": 1.5 },
    });
  }
  return all;
}

// The text of what may be markup.
function plain(markup: string): string {
  return new DOMParser().parseFromString(markup, "text/html").body.textContent?.trim() ?? "";
}
