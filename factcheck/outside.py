"""Settings of what the outside world is asked: sources, fetching, services, machine models. Part of `settings.py`."""

from factcheck import env

# Sources and fetching
SOURCES = [
    "workers.sources.folder.FolderArchive",
    "workers.sources.wikipedia.Wikipedia",
    "workers.sources.wikidata.Wikidata",
    "workers.sources.feeds.Feeds",
    "workers.sources.wayback.Wayback",
    "workers.sources.crossref.Crossref",
    "workers.sources.pubmed.PubMed",
    "workers.sources.eurostat.Eurostat",
    "workers.sources.worldbank.WorldBank",
    "workers.sources.gdelt.Gdelt",
    "workers.sources.commoncrawl.CommonCrawl",
    "workers.sources.google_factcheck.GoogleFactCheck",
    "workers.sources.openalex.OpenAlex",
    "workers.sources.destatis.Destatis",
    "workers.sources.searxng.SearXNG",
    "workers.sources.brave.Brave",
    "workers.sources.mediacloud.MediaCloud",
    *env.words("EXTRA_SOURCES", about="Dotted paths of further sources, separated by commas."),
]
DEFAULT_SOURCES = env.words(
    "DEFAULT_SOURCES", default=("folder", "wikipedia"), about="Sources a new newsroom asks, by their slug."
)
FETCH_CONTACT = env.text(
    "FETCH_CONTACT", about="How site owners reach the desk: a page or a mail address. Polite sources need it."
)
FETCH_ALLOWED_NETWORKS = env.networks(
    "FETCH_ALLOWED_NETWORKS", about="Networks fetched from although they are not public. For tests only."
)
FETCH_OPERATOR_NETWORKS = env.networks(
    "FETCH_OPERATOR_NETWORKS",
    about="Networks that addresses set by the operator, never those of articles, may lead to.",
)
FETCH_PORTS = [int(port) for port in env.words("FETCH_PORTS", default=("80", "443"), about="Ports fetched from.")]
FETCH_MAX_BYTES = env.integer("FETCH_MAX_BYTES", default=5_000_000, low=1_000, about="Largest page taken, decoded.")
FETCH_MAX_PDF_BYTES = env.integer("FETCH_MAX_PDF_BYTES", default=20_000_000, low=1_000, about="Largest PDF taken.")
FETCH_DEADLINE_SECONDS = env.integer(
    "FETCH_DEADLINE_SECONDS", default=25, low=1, about="Longest time one fetch may take, redirects included."
)
LOOKUP_DEADLINE_SECONDS = env.integer(
    "LOOKUP_DEADLINE_SECONDS",
    default=60,
    low=1,
    about="How long a source and the pages it found may take together; later pages are noted, not read.",
)
FETCH_PAGES_PER_SECOND = env.integer(
    "FETCH_PAGES_PER_SECOND", default=1, low=1, about="Pages fetched from one site per second, by all workers."
)
FETCH_PAGES_AT_ONCE = env.integer(
    "FETCH_PAGES_AT_ONCE", default=1, low=1, about="Pages fetched from one site at the same time, by all workers."
)
FETCH_PACE_PERCENT = env.integer(
    "FETCH_PACE_PERCENT", default=100, low=1, about="All budgets per host at once: 50 asks half as often."
)
FETCH_PATIENCE_SECONDS = env.integer(
    "FETCH_PATIENCE_SECONDS", default=15, about="How long a fetch waits for its turn at a host before it is put off."
)
# Where each service is asked. The addresses can point at a mirror, a proxy of the house, or a test server.
WIKIPEDIA_URL = env.text(
    "WIKIPEDIA_URL",
    default="https://{language}.wikipedia.org/w/api.php",
    about="Wikipedia's action API; {language} is filled in.",
)
WIKIDATA_URL = env.text("WIKIDATA_URL", default="https://www.wikidata.org/w/api.php", about="Wikidata's action API.")
FEED_URLS = env.words("FEED_URLS", about="RSS, Atom or JSON feeds the feeds source searches.")
DICTIONARY_FILES = env.words(
    "DICTIONARY_FILES",
    about="Your own bilingual dictionaries for earlier checks in other languages (docs/earlier-checks.md).",
)
CLAIMREVIEW_FEED_URL = env.text(
    "CLAIMREVIEW_FEED_URL",
    default="https://storage.googleapis.com/datacommons-feeds/claimreview/latest/data.json",
    about="The bulk feed of published fact-checks.",
)
CLAIMREVIEW_FEED_NIGHTLY = env.boolean(
    "CLAIMREVIEW_FEED_NIGHTLY", default=False, about="Take over the bulk feed of published fact-checks every night."
)
CLAIMREVIEW_FEED_MAX_BYTES = env.integer(
    "CLAIMREVIEW_FEED_MAX_BYTES", default=600_000_000, low=1_000, about="Largest bulk feed taken."
)
CLAIMREVIEW_FEED_SECONDS = env.integer(
    "CLAIMREVIEW_FEED_SECONDS", default=900, low=1, about="Longest time fetching the bulk feed may take."
)
WAYBACK_URL = env.text(
    "WAYBACK_URL", default="https://web.archive.org", about="The Internet Archive's Wayback Machine."
)
WAYBACK_KEY = env.text("WAYBACK_KEY", about="An archive.org account's S3 key as access:secret, to save pages there.")
CROSSREF_URL = env.text("CROSSREF_URL", default="https://api.crossref.org", about="Crossref's API.")
PUBMED_URL = env.text(
    "PUBMED_URL", default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils", about="PubMed's E-utilities."
)
PUBMED_KEY = env.text("PUBMED_KEY", about="Key for PubMed; optional, allows more requests.")
EUROSTAT_URL = env.text(
    "EUROSTAT_URL",
    default="https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data",
    about="Eurostat's statistics API.",
)
WORLDBANK_URL = env.text("WORLDBANK_URL", default="https://api.worldbank.org/v2", about="The World Bank's API.")
GDELT_URL = env.text("GDELT_URL", default="https://api.gdeltproject.org/api/v2/doc/doc", about="GDELT's document API.")
COMMONCRAWL_URL = env.text(
    "COMMONCRAWL_URL", default="https://index.commoncrawl.org", about="Common Crawl's index server."
)
COMMONCRAWL_DATA_URL = env.text(
    "COMMONCRAWL_DATA_URL", default="https://data.commoncrawl.org", about="Common Crawl's file server."
)
GOOGLE_FACTCHECK_URL = env.text(
    "GOOGLE_FACTCHECK_URL",
    default="https://factchecktools.googleapis.com/v1alpha1",
    about="Google's Fact Check Tools API.",
)
GOOGLE_FACTCHECK_KEY = env.text("GOOGLE_FACTCHECK_KEY", about="Key for Google's Fact Check Tools.")
OPENALEX_URL = env.text("OPENALEX_URL", default="https://api.openalex.org", about="OpenAlex's API.")
OPENALEX_KEY = env.text("OPENALEX_KEY", about="Key for OpenAlex.")
DESTATIS_URL = env.text(
    "DESTATIS_URL",
    default="https://www-genesis.destatis.de/genesisWS/rest/2020",
    about="The German statistics office's GENESIS API.",
)
DESTATIS_USER = env.text("DESTATIS_USER", about="Account for GENESIS.")
DESTATIS_PASSWORD = env.text("DESTATIS_PASSWORD", about="Password of the account for GENESIS.")
SEARXNG_URL = env.text("SEARXNG_URL", about="A SearXNG of your own with JSON enabled, such as http://searxng:8080.")
BRAVE_URL = env.text("BRAVE_URL", default="https://api.search.brave.com/res/v1", about="Brave's search API.")
BRAVE_KEY = env.text("BRAVE_KEY", about="Key for Brave's search API.")
MEDIACLOUD_URL = env.text(
    "MEDIACLOUD_URL", default="https://search.mediacloud.org/api", about="Media Cloud's search API."
)
MEDIACLOUD_KEY = env.text("MEDIACLOUD_KEY", about="Token for Media Cloud.")
MEDIACLOUD_COLLECTIONS = env.words(
    "MEDIACLOUD_COLLECTIONS", default=("34412234", "34412409"), about="Media Cloud collections searched."
)

# Machine models: none is asked unless an address or a folder is set (docs/models.md)
MODEL_CHAT_URL = env.text(
    "MODEL_CHAT_URL", about="A language model's OpenAI-compatible server, such as http://127.0.0.1:11434/v1."
)
MODEL_CHAT_KEY = env.text("MODEL_CHAT_KEY", about="Key for the language model; local servers need none.")
MODEL_CHAT_NAME = env.text("MODEL_CHAT_NAME", about="Which language model is asked, by the server's name for it.")
MODEL_CHAT_PRICE_IN = env.amount("MODEL_CHAT_PRICE_IN", about="Price of a million tokens sent to the language model.")
MODEL_CHAT_PRICE_OUT = env.amount(
    "MODEL_CHAT_PRICE_OUT", about="Price of a million tokens the language model answers with."
)
MODEL_EMBEDDINGS_URL = env.text(
    "MODEL_EMBEDDINGS_URL", about="OpenAI-compatible server of sentence embeddings, for similar earlier checks."
)
MODEL_EMBEDDINGS_KEY = env.text("MODEL_EMBEDDINGS_KEY", about="Key for the server of sentence embeddings.")
MODEL_EMBEDDINGS_NAME = env.text("MODEL_EMBEDDINGS_NAME", about="Which embedding model is asked.")
MODEL_EMBEDDINGS_PRICE = env.amount("MODEL_EMBEDDINGS_PRICE", about="Price of a million tokens that are embedded.")
MODEL_EMBEDDINGS_FOLDER = env.text(
    "MODEL_EMBEDDINGS_FOLDER", about="A sentence-transformers model on this machine, instead of a server."
)
MODEL_ENTAILMENT_URL = env.text(
    "MODEL_ENTAILMENT_URL", about="Address of an entailment model that answers like a text-classification service."
)
MODEL_ENTAILMENT_KEY = env.text("MODEL_ENTAILMENT_KEY", about="Key for the entailment model.")
MODEL_ENTAILMENT_NAME = env.text("MODEL_ENTAILMENT_NAME", about="What the entailment model is called in the desk.")
MODEL_ENTAILMENT_PRICE = env.amount(
    "MODEL_ENTAILMENT_PRICE", about="Price of a million tokens sent to the entailment model."
)
MODEL_ENTAILMENT_FOLDER = env.text(
    "MODEL_ENTAILMENT_FOLDER", about="A transformers entailment model on this machine, instead of a server."
)
MODEL_SECONDS = env.integer("MODEL_SECONDS", default=60, low=1, high=100, about="Longest time a model may take.")
MODEL_MAX_CHARACTERS = env.integer(
    "MODEL_MAX_CHARACTERS", default=24_000, low=500, about="Most of a text that is sent to a language model."
)
MODEL_MAX_TOKENS = env.integer("MODEL_MAX_TOKENS", default=2_000, low=50, about="Longest answer of a language model.")
MODEL_KEEP_PROMPTS = env.boolean(
    "MODEL_KEEP_PROMPTS", default=False, about="Keep what was sent to models in the log of calls, not only its hash."
)
