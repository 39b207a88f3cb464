"""Plots, pictures, sound and reports."""

from __future__ import annotations

from flake8_contracts.facts.effects.notation import documented, methods, reads, writes
from flake8_contracts.facts.effects.schema import ANY_SUFFIX

_MATPLOTLIB = "Matplotlib API reference"
_PLOTLY = "Plotly Python API reference, 'plotly.io'"
_PILLOW = "Pillow reference, 'Image Module'"
_OPENCV = "OpenCV documentation, 'imgcodecs' and 'videoio'"
_IMAGEIO = "imageio documentation, 'Legacy API'"
_SKIMAGE = "scikit-image API reference, 'skimage.io'"

# Without a suffix the name gets that of the default format.
_FIGURE = writes(0, "fname", suffixes=(ANY_SUFFIX,))

_FIGURES = {
    **documented(
        _MATPLOTLIB,
        {
            "matplotlib.pyplot.savefig": _FIGURE,
            "matplotlib.pyplot.imsave": writes(0, "fname"),
            "matplotlib.pyplot.imread": reads(0, "fname"),
            "matplotlib.image.imsave": writes(0, "fname"),
            "matplotlib.image.imread": reads(0, "fname"),
            "matplotlib.image.thumbnail": (reads(0, "infile"), writes(1, "thumbfile")),
            "matplotlib.backends.backend_pdf.PdfPages": writes(0, "filename"),
            "matplotlib.style.use": reads(0, "style", "either"),
            "matplotlib.rc_file": reads(0, "fname"),
            "matplotlib.font_manager.fontManager.addfont": reads(0, "path"),
            "matplotlib.font_manager.FontProperties": reads(None, "fname"),
        },
    ),
    **documented(
        _PLOTLY,
        {
            "plotly.io.read_json": reads(0, "file"),
            "plotly.io.write_html": writes(1, "file"),
            "plotly.io.write_image": writes(1, "file"),
            "plotly.io.write_json": writes(1, "file"),
            "plotly.offline.plot": writes(None, "filename", suffixes=(".html",)),
        },
    ),
    **documented(
        "Bokeh reference, 'bokeh.io'",
        {
            "bokeh.io.export_png": writes(None, "filename"),
            "bokeh.io.export_svg": writes(None, "filename"),
            # Only remembered.
            "bokeh.io.output_file": writes(0, "filename", "either"),
            "bokeh.io.save": writes(1, "filename"),
            "bokeh.plotting.output_file": writes(0, "filename", "either"),
            "bokeh.plotting.save": writes(1, "filename"),
        },
    ),
}

_PICTURES = {
    **documented(
        _PILLOW, {"PIL.Image.open": reads(0, "fp"), "PIL.ImageFont.truetype": reads(0, "font", "either")}
    ),
    # Over a directory these give False or None instead of an exception.
    **documented(
        _OPENCV,
        {
            "cv2.imread": reads(0, "filename"),
            "cv2.imreadmulti": reads(0, "filename"),
            "cv2.imwrite": writes(0, "filename"),
            "cv2.VideoCapture": reads(0, "filename"),
            "cv2.VideoWriter": writes(0, "filename"),
        },
    ),
    **documented(
        _IMAGEIO,
        {
            "imageio.imread": reads(0, "uri", "either"),
            "imageio.imwrite": writes(0, "uri"),
            "imageio.imsave": writes(0, "uri"),
            "imageio.mimread": reads(0, "uri", "either"),
            "imageio.mimwrite": writes(0, "uri"),
            "imageio.mimsave": writes(0, "uri"),
            "imageio.get_reader": reads(0, "uri", "either"),
            "imageio.get_writer": writes(0, "uri"),
            "imageio.v2.imread": reads(0, "uri", "either"),
            "imageio.v2.imwrite": writes(0, "uri"),
            "imageio.v2.imsave": writes(0, "uri"),
            "imageio.v2.mimsave": writes(0, "uri"),
            "imageio.v3.imread": reads(0, "uri", "either"),
            "imageio.v3.imwrite": writes(0, "uri"),
        },
    ),
    **documented(_SKIMAGE, {"skimage.io.imread": reads(0, "fname"), "skimage.io.imsave": writes(0, "fname")}),
}

_SOUND = {
    **documented(
        "python-soundfile documentation",
        {
            "soundfile.read": reads(0, "file"),
            "soundfile.info": reads(0, "file"),
            "soundfile.write": writes(0, "file"),
        },
    ),
    **documented("librosa documentation, 'Audio loading'", {"librosa.load": reads(0, "path")}),
}

_REPORTS = documented(
    "SHAP API reference, 'plots'; papermill documentation, 'Execute'",
    {
        "shap.save_html": writes(0, "out_file"),
        "papermill.execute_notebook": (reads(0, "input_path"), writes(1, "output_path")),
    },
)

FUNCTIONS = {**_FIGURES, **_PICTURES, **_SOUND, **_REPORTS}

LIBRARY_METHODS = {
    **methods("matplotlib", _MATPLOTLIB, {"savefig": _FIGURE, "save": writes(0, "filename", "either")}),
    **methods("seaborn", "seaborn API reference", {"savefig": _FIGURE, "save": writes(0, "loc", "either")}),
    **methods(
        "plotly",
        _PLOTLY,
        {"write_html": writes(0, "file"), "write_image": writes(0, "file"), "write_json": writes(0, "file")},
    ),
    **methods("PIL", _PILLOW, {"save": writes(0, "fp")}),
    **methods("altair", "Altair API reference, 'Chart'", {"save": writes(0, "fp")}),
    **methods("folium", "Folium API reference", {"save": writes(0, "outfile")}),
    **methods(
        "graphviz",
        "graphviz package API reference",
        {
            # The rendered file gets the format's suffix.
            "render": (writes(0, "filename", "either"), writes(None, "outfile")),
            "save": writes(0, "filename"),
        },
    ),
    **methods("wordcloud", "wordcloud API reference", {"to_file": writes(0, "filename")}),
    **methods(
        "ydata_profiling", "YData Profiling API reference", {"to_file": writes(0, "output_file", "either")}
    ),
    **methods(
        "evidently",
        "Evidently documentation, 'Output formats'",
        {"save_html": writes(0, "filename"), "save_json": writes(0, "filename")},
    ),
}

METHODS = {
    **documented(_MATPLOTLIB, {"savefig": _FIGURE}),
    **documented(_PLOTLY, {"write_html": writes(0, "file"), "write_image": writes(0, "file")}),
    **documented(
        "YData Profiling API reference",
        {"to_file": (writes(0, "output_file", "either"), writes(None, "filename", "either"))},
    ),
    **documented("Evidently documentation, 'Output formats'", {"save_html": writes(0, "filename", "either")}),
}
