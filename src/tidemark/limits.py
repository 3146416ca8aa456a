"""Every limit and tolerance that Tidemark enforces, with its unit and the reason for its value."""

# --- what is read -------------------------------------------------------------------------------------------------

MAX_FILE_BYTES = 512 * 1024 * 1024
"""Bytes of one file. A 16-bit, 100-megapixel RGB TIFF without compression is 600 MB; drafts stay far below that."""

MAX_PIXELS = 160_000_000
"""Pixels of one picture, checked from its header before anything is decoded: 160 MP is 16,000 × 10,000, and costs
about 2 GB as the float arrays that tracing needs. A 50,000 × 50,000 header must not make us allocate 7.5 GB."""

MAX_SIDE_PX = 30_000
"""Longest side of a picture, pixels. OpenCV's resampling addresses 32,767."""

MIN_DRAFT_SIDE_PX = 256
"""Short side of a draft, pixels. Below it, the mark has too few coefficients to survive even one resize."""

# --- what is remembered -------------------------------------------------------------------------------------------

MAX_NAME_CHARS = 200
"""Characters of a party's, project's or file's name. Longer ones are pasted by mistake, and no screen shows them."""

MAX_FOUND_CHARS = 1_000
"""Characters of what a finder says of where and when a leak was found: an address and a sentence."""

MAX_RECIPIENTS_BYTES = 16 * 1024 * 1024
"""Bytes of a list of recipients: a hundred thousand lines of 160 bytes."""

# --- requests of programs -----------------------------------------------------------------------------------------

MAX_IDEMPOTENCY_KEY_CHARS = 200
"""Characters of an idempotency key. A UUID has 36; some programs put their own record's name into it."""

API_REQUESTS_A_MINUTE = 1_200
"""Requests that one person or one token may make a minute: 20 a second, what one machine serves with ease. More is a
program that asks in a circle."""

MAX_COPIES_A_REQUEST = 20_000
"""Ids of copies, drafts or persons that one request may name: as many copies as one release may have. Twice the
largest round on record, and planned within seconds."""

MAX_PAGE_ITEMS = 200
"""Items in one answer of the API. More are asked for page by page, so that no answer grows with the records."""

YEARS = range(1900, 9001)
"""Years in which a day or a time may lie that somebody sends: every offset from UTC, and a day more, exists there."""

MAX_KEY_DIGITS = 18
"""Digits of a row's number in an address: what fits into 64 bits. Python refuses to read thousands of them."""

# --- agreements and bidding rounds --------------------------------------------------------------------------------

MAX_TIERS = 6
"""Tiers of a supply tree below the owner. Car makers' trees have three or four that see drawings; a deeper one is a
mistake, and every link of it must hold before anything is released."""

MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
"""Bytes of a signed agreement's PDF. A contract of fifty scanned pages has 5 to 20 MB."""

MAX_BID_BYTES = 64 * 1024 * 1024
"""Bytes of one bid: an offer with its calculation and some pictures."""

MAX_ROUND_DRAFTS = 500
MAX_ROUND_PARTIES = 200
"""Drafts and invited parties of one bidding round, so that its entry in the ledger can name them all."""

MAX_BIDS = 50
"""Bids of one party in one round. Nobody corrects an offer fifty times; a script that runs wild does."""

MAX_CLAUSE_CHARS = 8_000
"""Characters of a clause that is quoted: three printed pages."""

MAX_TEXT_CHARS = 4_000
"""Characters of a reason or a note: a printed page."""

# --- cases --------------------------------------------------------------------------------------------------------

MAX_CASE_FILE_BYTES = 64 * 1024 * 1024
"""Bytes of one file of a case or of a reply: a log, a chat's export, a scan. Longer ones are recordings, which belong
to whoever made them."""

MAX_ARCHIVE_BYTES = 512 * 1024 * 1024
"""Bytes of all files of a case's export together: it is made in memory, and larger ones are nobody's attachment."""

MAX_CASE_FILES = 20
"""Files of one reply."""

MAX_REPLIES = 20
"""Replies of a party to one allegation. A party may think better of it, but nobody answers twenty times."""

MAX_PLAN_ACTIONS = 100
"""Actions of one rectification plan. Good ones have ten to thirty; who writes a hundred has no plan."""

MAX_ACTION_FILES = 20
"""Files of one action of a plan: proof of what is planned, and of what was done."""

MAX_ACTION_REPORTS = 20
"""Times that one action is reported as done, or one sub-vendor as checked. Nobody is returned more often."""

MAX_NOTE_CHARS = 20_000
"""Characters of a case's note or a party's reply: eight printed pages."""

MAX_PROMISES = 20
"""Promises of one statement."""

MAX_STATEMENT_PICTURES = 10
"""Pictures of one statement. Each is compared with what is on record, 0.1 s and more a comparison."""

# --- pictures -----------------------------------------------------------------------------------------------------

MIN_PICTURE_SIDE_PX = 16
"""Short side of any picture that is read, pixels. Below it (a 1 × 1 tracking pixel, an icon) no part of a draft can
be recognised, let alone registered."""

MAX_PROFILE_BYTES = 8 * 1024 * 1024
"""Bytes of an ICC profile. Press profiles with large tables are 2 to 4 MB; what is longer is not a profile, and it
would be written into every copy."""

MAX_DPI = 100_000
"""Pixels per inch, either way. Film scanners reach 10,000; a larger number is a mistake and is not written on."""

# --- what may be claimed ------------------------------------------------------------------------------------------

ACCUSED_BOUND = 1e-6
"""Probability. An accusation costs a firm a million; one in a million traces of an innocent world may err at most."""

LEAST_LOG10_BOUND = -77.0
"""Decimal logarithm of the smallest bound that is stated. Keys have 256 bits, and guessing one succeeds with
probability 2⁻²⁵⁶ = 10⁻⁷⁷·⁰⁶: no claim that rests on a key can be surer than that, whatever the score."""

SUSPECTED_BOUND = 1e-3
"""Probability. A lead for an investigator, never shown as an accusation."""

MIN_EFFECTIVE_COUNT = 150.0
"""Coefficients over which evidence must be spread (‖x‖⁴ / Σ x⁴) before its score is taken for normal. The numbers of
a key come from a table of 65,536 values; a sum of 150 of them follows the normal law beyond any z that matters."""

DECOYS = 10_000
"""Never-issued keys that every trace scores beside the real ones."""

MOST_DECOYS = 1_000_000
"""Most decoys that a bundle may ask its verifier to score: five minutes of work."""

MIN_DECOYS = 100
"""Fewest decoys that show a gross failure of the null; with fewer, nobody is accused."""

DECOY_KS_P = 1e-6
DECOY_MAX_P = 1e-6
"""Probabilities below which decoys say that the null does not hold here; a failed null withdraws the accusation. Both
together withdraw a sound accusation in two of a million traces."""

# --- drafts and matching ------------------------------------------------------------------------------------------

MIN_DRAFT_STD_LEVELS = 0.6
"""Standard deviation of a draft's luminance, levels of 255. All-white and all-black pages have 0; nothing can be
recognised in a picture that varies by less than its own rounding."""

MANY_DRAFTS = 8
"""Drafts from which ranking them by all their features, 0.2 s each, would take too long."""

SHORTLIST = 4
"""Drafts to which a leak is registered, best match first. Every one that registers is one more hypothesis."""

CLEAR_MATCH_FEATURES = 60
"""Agreeing features from which a draft is recognised beyond doubt: unrelated pictures reach none, drafts with a
common title block 45."""

MOST_IN_ONE_LEAK = 12
"""Drafts recognised beyond doubt to which a leak is registered, even if that is more than :data:`SHORTLIST`: the
screenshot of a folder shows a dozen thumbnails."""

NEAR_MATCH_SHARE = 0.1
"""Share of the best draft's agreeing features below which another draft is no revision or detail of it. What has
:data:`CLEAR_MATCH_FEATURES` itself is in the picture, too, whatever share that is: a collage shows several drafts."""

SHOWN_CORRELATION = 0.6
"""Correlation from which it is said of a further draft that a leak shows it. The one that fits best is always said; a
part that two drafts share, such as a number plate, fits below this."""

MOST_COMPARED = 2_000
"""Earlier posts that a new one is compared with, the latest first, to see whether it shows the same picture: 0.1 s
each, in the background."""

MOST_SIGHTINGS_COMPARED = 50
"""Sightings that a statement's picture is compared with, the case's own and then the latest: a second each, in the
background. The very bytes of any are recognised."""

# --- ledger and evidence ------------------------------------------------------------------------------------------

MAX_ENTRY_BYTES = 64 * 1024
"""Bytes of one entry of the ledger. Ours have 300 to 700; a trace with many hypotheses, a few thousand."""

MAX_ENTRY_DEPTH = 16
"""Objects and lists within one another in an entry, the outermost included. Ours nest 4 deep, and a reader that
recurses must not be brought to its stack's end."""

MAX_JSON_WHOLE = 2**53 - 1
"""Largest whole number in canonical JSON (RFC 8785 section 3.2.2.3). Beyond it, readers in double precision differ."""

MAX_LEAVES = MAX_JSON_WHOLE
"""Leaves of a ledger, so that an index can be written in a receipt. A million a second would take 285 years."""

MAX_KIND_CHARS = 64
"""Characters of an entry's kind; ours have up to 18."""

MIN_NONCE_BYTES = 16
"""Bytes of a holder's nonce: 128 bits drawn by chance, which nobody foresees."""

MAX_NONCE_BYTES = 32
"""Bytes of a holder's nonce; more add nothing to a key of 32 bytes, and every receipt holds them."""

MAX_CLOCK_AHEAD_HOURS = 24
"""Hours that an entry may be dated after a stamp over it: one whose clock shows local time for UTC is up to 14 ahead.
Only order is proven, so nothing rests on the difference."""

MAX_BEHIND_LEDGER_HOURS = 24
"""Hours that a time may lie behind the ledger's last entry. A run keeps the time of its start and may take hours while
others append; its own entries then stand behind theirs and take the later time. More is a clock that was set back."""

MAX_PROVENANCE_PLACES = 48
"""Places at which a new draft may show drafts on record. Each is traced by itself, which costs a second or two; a
contact sheet of eight rows of six has as many."""

CLOCK_SLACK_MINUTES = 5
"""Minutes that the clock may lie behind the ledger's last entry before a command says so. Clocks of machines that keep
time by the network differ by far less."""

MAX_NONCES_A_DAY = 5
"""Changes of one person's nonce within 24 hours. One is enough for years; each is a leaf for ever, a signature, and a
durable write under the lock that everybody waits for."""

MAX_NOTE_BYTES = 128 * 1024
"""Bytes of a checkpoint with its signatures. C2SP has readers accept 16 of them; post-quantum ones have 5 kB each."""

MAX_NOTE_SIGNATURES = 16
"""Signature lines of a checkpoint that are read: what C2SP has every reader accept at least."""

MAX_STAMP_BYTES = 256 * 1024
"""Bytes of a time-stamping authority's answer. With a chain of three certificates it has 4 to 8 kB."""

MAX_CERTIFICATE_BYTES = 1024 * 1024
"""Bytes of a file of certificates that a reader trusts. One has 1 to 3 kB in PEM; the bundle of all roots that browsers
trust, 250 kB."""

MAX_RECEIPT_BYTES = 512 * 1024
"""Bytes of a receipt: an entry and a checkpoint of the largest size, with room for escapes."""

QR_BYTES = 2_900
"""Bytes that one QR code is asked to carry; its largest (version 40, level L) holds 2,953."""

MAX_BUNDLE_BYTES = 1280 * 1024 * 1024
"""Bytes of an evidence bundle: a draft and a leak of the largest size that is read, reports, and room."""

MAX_FINDING_BYTES = 16 * 1024 * 1024
"""Bytes of a finding: a million scores of eight characters, and the rest."""
