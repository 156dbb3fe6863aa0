/* How a layer looks: colours by class, weights by zoom, letters for points. The style
   itself comes from the server's catalogue; nothing here knows a layer by its name. */
(function () {
  "use strict";
  const theme = () => document.documentElement.dataset.theme === "dark" ? "dark" : "light";

  /* A class is coloured as itself or as the class above it: 070102, 0701, 07. */
  L.LandTiles.classOf = function (spec, properties) {
    let code = String(properties[spec.by.attribute] ?? "");
    while (code && !(code in spec.by.colours)) code = code.slice(0, -1);
    return code;
  };

  L.LandTiles.colourOf = function (spec, properties) {
    return spec.by ? spec.by.colours[L.LandTiles.classOf(spec, properties)] || spec.by.other : spec.colour;
  };

  L.LandTiles.shade = function (spec) {
    return theme() === "dark" && spec.dark ? { ...spec, ...spec.dark } : spec;
  };

  L.LandTiles.pen = function (ctx, plain, zoom) {
    const spec = L.LandTiles.shade(plain);
    const far = Math.max(0.3, Math.min(1, 0.3 + (zoom - 7) * 0.12));
    const faint = zoom < 12 ? 0.3 + 0.14 * Math.max(0, zoom - 7) : 1;   // many edges, seen from afar
    const opacity = spec.opacity ?? 1;
    const small = spec.role === "parcel";
    const width = small && zoom < 15 ? (zoom < 14 ? 0 : 0.4) : spec.weight * far;
    const dash = spec.dash ? spec.dash.map((length) => length * far) : [];
    const letter = zoom >= 10 && spec.glyph;
    ctx.save();
    ctx.lineWidth = Math.max(width, 0.3);
    ctx.setLineDash(dash);
    ctx.lineCap = dash.length ? "butt" : "round";
    let now = "";
    function ink(colour) {
      if (colour === now) return;
      now = colour;
      ctx.fillStyle = colour;
      ctx.strokeStyle = spec.stroke && !spec.by ? spec.stroke : colour;
    }

    function polygon(one) {
      ink(L.LandTiles.colourOf(spec, one.of));
      if (spec.fill > 0) {
        ctx.globalAlpha = opacity * (small && zoom < 14 ? Math.min(1, spec.fill * 1.6) : spec.fill);
        ctx.fill(one.path, "evenodd");
      }
      if (width > 0) {
        ctx.globalAlpha = opacity * faint * (spec.line ?? 0.9);
        ctx.stroke(one.path);
      }
    }

    function line(one) {
      if (zoom < (spec.from_zoom?.[one.of.class] ?? 0)) return;
      const step = spec.widths?.[one.of.class] ?? 1;
      ink(L.LandTiles.colourOf(spec, one.of));
      ctx.globalAlpha = opacity;
      ctx.lineWidth = Math.max(0.4, width * step);
      ctx.stroke(one.path);
    }

    function point(one) {
      ink(L.LandTiles.colourOf(spec, one.of));
      ctx.globalAlpha = opacity;
      ctx.setLineDash([]);
      for (const [x, y] of one.points) {
        if (!letter) {
          ctx.beginPath();
          ctx.arc(x, y, zoom < 8 ? 1.6 : 2.4, 0, 7);
          ctx.fill();
          continue;
        }
        ctx.fillStyle = theme() === "dark" ? "#12191d" : "#ffffff";
        ctx.fillRect(x - 9, y - 9, 18, 18);
        ctx.fillStyle = now;
        ctx.fillRect(x - 8, y - 8, 16, 16);
        ctx.fillStyle = "#ffffff";
        ctx.font = "600 10px system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText(spec.glyph, x, y + 0.5);
        ctx.fillStyle = now;
      }
    }

    return {
      cells(cell, share) {
        ink(spec.colour);
        ctx.globalAlpha = opacity * share * (spec.dense ?? 1) * (small ? 1 : 0.55);
        ctx.fill(cell.path);
      },
      draw(one) { (one.points ? point : spec.kind === "line" ? line : polygon)(one); },
      end() { ctx.restore(); },
    };
  };
})();
