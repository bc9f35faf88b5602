"""Ways from text to vector, behind one protocol. Nothing is ever downloaded."""

from analytics.topics.embedders.choose import char_lsa as char_lsa
from analytics.topics.embedders.choose import default_embedder as default_embedder
from analytics.topics.embedders.choose import load_embedder as load_embedder
from analytics.topics.embedders.choose import make_embedder as make_embedder
from analytics.topics.embedders.choose import name_of as name_of
from analytics.topics.embedders.protocol import Embedder as Embedder
from analytics.topics.embedders.protocol import EmbedderFit as EmbedderFit
from analytics.topics.embedders.protocol import EncoderPlace as EncoderPlace
