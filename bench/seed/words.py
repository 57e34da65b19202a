"""Words and chances that depend on a row's number alone: `i` in the SQL where they stand."""

FIRST = (
    "ade agung ahmad aldi andri anwar arif asep bagas bambang budi cecep dadang dani darma "
    "deden didin dodi edi eko endang fajar faisal galih gilang hadi haris herman ilham imam "
    "iwan jajang joko kurnia lukman maman mulyadi nanang oman panji rahmat rian rizki rohman "
    "rudi samsul saepul sandi slamet subur tatang teguh toni udin ujang usman wawan yadi "
    "yusuf zaenal"
)
SECOND = (
    "abdullah adiputra alamsyah anggara ardiansyah budiman cahyadi darmawan effendi "
    "firmansyah gumilar gunawan hakim hermawan hidayat irawan iskandar jaelani junaedi "
    "komarudin kusnadi laksana mahendra maulana mustofa nugraha nurdin permana pramono "
    "purnama ramdani ridwan rukmana saputra setiawan sobari solihin sudrajat suhendar sukmana "
    "supriatna suryana syahputra tarmizi wahyudi wibowo wijaya yuliansyah zulkarnaen"
)
THIRD = "bin alias putra jaya sakti lesmana utama perkasa sejati mulia santosa kencana"
TRADES = (
    "las garmen mebel pendingin listrik otomotif boga roti kopi pertanian perikanan cukur komputer "
    "desain bangunan plambing cuci sablon bambu kulit"
)
REGIONS = "36.72 36.72.01 36.72.02 36.04 36.04.01 36.73 32.73 31.74"
FILE = "'uji/uji.pdf'"


def pick(words, salt):
    """One of the words (a text with blanks between them)."""
    count = len(words.split())
    place = f"1 + (hashint8(i * 31 + {salt}) & 2147483647) % {count}"
    return f"(string_to_array('{words}', ' '))[{place}]"


def chance(salt):
    """A number of [0, 1)."""
    return f"((hashint8(i * 31 + {salt}) & 2147483647) / 2147483648.0)"


def ago(days):
    """The moment so many days (SQL) before now."""
    return f"now() - make_interval(days => ({days})::int)"
