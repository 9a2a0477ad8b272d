"""A page for tests: figures, a chart, a table and files."""

import pandas as pd
import streamlit as st

from equity.ui.session import current_release
from equity.ui.show import Download, Headline, chart, downloads, headline, legend, table

release = current_release()
numbers = pd.DataFrame({"Year": ["2022", "2023"], "Cost": ["$6,500", "hidden"], "Name": ["[a](b)", "*star*"]})

st.title("Overview")
headline(
    [
        Headline(
            "Infant deaths per 1,000 births", "9.1", "7.9 to 10.2, 2017–2023", "−0.3 since 2016", "lower"
        ),
        Headline("Slots", "1,204", "2023, costs $3 to $5"),
    ]
)
chart(
    {
        "data": [{"type": "scatter", "x": ["2022", "2023"], "y": [9.4, 9.1], "mode": "lines+markers"}],
        "layout": {"height": 260, "xaxis": {"type": "category"}},
    },
    alt="A line that falls from 9.4 in 2022 to 9.1 in 2023.",
    sentence="The rate fell from 9.4 to 9.1, at a cost of $6,500 and $7,000.",
    table=numbers,
    key="trend",
)
legend(
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><rect width="20" height="20"/></svg>',
    alt="Dark: 8 and more.",
)
table(
    pd.DataFrame({"Row": [str(i) for i in range(60)], "Value": [f"{i}.0" for i in range(60)]}), "Sixty rows"
)
downloads([Download("Figures (CSV)", "figures.csv", "text/csv", lambda: f"id\n{release.id}\n".encode())])
