// How the map looks by day and by night. Lines between countries are those of the desk, never those of tiles.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { Tiles } from "./tiles";

export interface Look { sea: string; land: string; shore: string; border: string; disputed: string; extent: string; road: string; name: string }

const DAY: Look = {
  sea: "#dfe8ee", land: "#f8f6f0", shore: "#8fa0aa", border: "#9a9384", disputed: "#6d6657", extent: "#8c2f1d", road: "#cfc7b6", name: "#4a463e",
};
const NIGHT: Look = {
  sea: "#10161c", land: "#262a31", shore: "#56636b", border: "#6d7480", disputed: "#a3a9b3", extent: "#f3a893", road: "#454b55", name: "#c9c5bc",
};

export function looks(): Look {
  return matchMedia("(prefers-color-scheme: dark)").matches ? NIGHT : DAY;
}

export interface Style { look: Look; outlines: string; isHeld: boolean; tiles: Tiles | null }

export function style({ look, outlines, isHeld, tiles }: Style): StyleSpecification {
  const line = (kind: string, colour: string, dashes?: number[]): LayerSpecification => ({
    id: kind, type: "line", source: "outlines", filter: ["==", ["get", "kind"], kind], layout: { "line-join": "round" },
    paint: { "line-color": colour, "line-width": 1.1, ...(dashes ? { "line-dasharray": dashes } : {}) },
  });
  const empty: SourceSpecification = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  const sources: Record<string, SourceSpecification> = { outlines: { type: "geojson", data: outlines, tolerance: 0.2 }, extents: empty, box: empty };
  if (tiles) sources.tiles = tiles.source;
  return {
    version: 8,
    sources,
    layers: [
      { id: "sea", type: "background", paint: { "background-color": look.sea } },
      { id: "land", type: "fill", source: "outlines", filter: ["==", ["get", "kind"], "land"], paint: { "fill-color": look.land } },
      { id: "shore", type: "line", source: "outlines", filter: ["==", ["get", "kind"], "land"], paint: { "line-color": look.shore, "line-width": 0.8 } },
      ...(tiles ? tiles.layers(look) : []),
      line("border", look.border),
      line("disputed", look.disputed, [4, 3]),
      ...(isHeld ? [line("held", look.disputed, [4, 3])] : []),
      { id: "extent", type: "fill", source: "extents", paint: { "fill-color": look.extent, "fill-opacity": 0.06 } },
      { id: "extent-edge", type: "line", source: "extents", paint: { "line-color": look.extent, "line-width": 1.2, "line-dasharray": [5, 3] } },
      { id: "box", type: "line", source: "box", paint: { "line-color": look.name, "line-width": 2 } },
    ],
  };
}
