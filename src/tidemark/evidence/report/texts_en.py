"""The report in English."""

from tidemark.evidence.report.texts import Question, Texts

ENGLISH = Texts(
    language="en",
    region="gb",
    # Figures in words
    date="{day} {month} {year}",
    moment="{date}, {time} UTC",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    small_numbers=("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    odds="at\u00a0most\u00a01\u00a0in\u00a0{number}",
    no_odds="of any size",
    size="{bytes} bytes",
    and_more="and {count} more, listed below",
    sentence_space=" ",
    # The frame of the page
    title="Tracing report",
    subtitle="On the origin of a leaked picture",
    header="Leak {hash}",
    confidential="confidential",
    footer="Page {page} of {pages}",
    fact_project="Project",
    fact_draft="Draft",
    fact_draft_value="{name}, revision {revision}",
    fact_leak="Leak",
    fact_owner="Prepared by",
    fact_made="Date",
    figure="Figure {number}",
    # 1
    finding_heading="The finding",
    finding_one=(
        "The leaked picture “{leak}” carries the mark of **copy {copy}** of the draft “{draft}”, which {owner} issued "
        "to **{holder}** on {issued}."
    ),
    finding_many=(
        "The leaked picture “{leak}” carries the marks of **{count} copies** of the draft “{draft}”, each issued by "
        "{owner} to the holder named in the table below."
    ),
    finding_odds_one=(
        "The probability that an innocent copy, one from which this picture was not made, would be named on such "
        "evidence is **at\u00a0most\u00a01\u00a0in\u00a0{number}**."
    ),
    finding_odds_many=(
        "For the weakest of these findings, the probability that an innocent copy, one from which this picture was not "
        "made, would be named on such evidence is **at\u00a0most\u00a01\u00a0in\u00a0{number}**."
    ),
    claims_lead="Three claims are made, on different grounds; each can be contested without touching the others.",
    claims_head=("Copy", "Custodian", "Responsible party"),
    claims_grounds=("by the mark, with a probability", "by the ledger of issued copies", "by the agreement"),
    claims_score="score _z_ = {z}",
    claims_odds="probability {odds}",
    claims_issued="issued {date}",
    claims_under="the copy was issued under {agreement}",
    claims_nobody="No agreement on record: no claim.",
    claims_after=(
        "The probability speaks of the copy alone. No person is accused; section 7 says what else is not claimed."
    ),
    # 2
    leak_heading="The leak and the draft",
    leak_lead=(
        "The picture was found as figure 1 shows it. It was then laid over the unmarked draft by shape and tone alone, "
        "without regard to any holder’s copy. Figures 2 and 3 show the two in the same frame. The leak shows "
        "{coverage} of the draft, and there the two agree with a correlation of {correlation}, where 1 is identity."
    ),
    leak_mirrored="The leak is a mirror image and was turned back.",
    leak_facts={
        "name": "File",
        "size": "Size",
        "found": "Found",
        "received": "Received",
        "sha256": "SHA-256",
    },
    leak_as_found="The leak as it was found.",
    leak_aligned="The leak, laid over the draft’s frame. Light grey: not shown by the leak.",
    leak_draft="The draft before marking, in the same frame.",
    # 3
    where_heading="Where the mark was found",
    where_lead=(
        "A mark is too faint to be seen. Figure 4 shows what the draft does not explain of the leak, much amplified: "
        "traces of recompression and handling, and among them the mark. Figure 5 shows which places of the picture "
        "speak for copy {copy}. Added up over the whole picture, they give the score of that copy, _z_ = {z}."
    ),
    where_difference="Leak minus draft, amplified. Mid-grey: no difference.",
    where_map="Where the mark of copy {copy} was found, over the draft.",
    where_after=(
        "A mark runs through the whole draft. It is therefore expected to be found in many places at once, wherever "
        "the leak kept enough detail, and not in one spot."
    ),
    # 4
    scores_heading="How the copies scored",
    scores_lead=(
        "Every copy on record of every draft that the leak could be laid over was tested: **{copies} in all**. The "
        "score _z_ of a copy says how well its mark agrees with the leak. For a copy from which the picture was not "
        "made, _z_ follows the standard normal law whatever was done to the picture: it lies between −2 and 2 in 95 "
        "cases of 100. A copy is accused from **_z_ = {threshold}**."
    ),
    scores_caption=(
        "Each dot is one of the {copies} copies of this draft at its first score. Large dots: the accused, when named."
    ),
    scores_caption_columns=(
        "Scores of the {copies} copies of this draft when first tested: columns where they are many, dots where they "
        "are few. "
        "Large dots: the accused, when named."
    ),
    scores_caption_decoys="The stepped line: the scores of the {decoys} decoys.",
    scores_compressed="In the shaded part the axis is compressed.",
    scores_axis="Score z",
    scores_bell="Expected of innocent copies",
    scores_threshold="accused from {z} →",
    scores_decoy="highest decoy {z}",
    scores_accused="{holder}, _z_ = {z}",
    scores_head=("No.", "Copy", "Holder", "Score z", "Probability for an innocent copy"),
    scores_after=(
        "To test the method on this very leak, {decoys} decoys were scored beside the copies: keys of copies that "
        "never existed, drawn from the leak’s own hash so that nobody could choose them. They behaved as the theory "
        "says innocent copies do. The highest of them reached _z_ = {max_z}; a test of the shape of their scores "
        "(Kolmogorov–Smirnov) gave _p_ = {ks_p}."
    ),
    # 5
    rivals_heading="Other explanations considered",
    rivals_lead=(
        "Each was tested with figures of its own; scores are to be read as in section 4. The keys of copies that "
        "are not accused stay secret, so their scores are a statement of {owner}. The finding does not rest on them."
    ),
    rivals_mixed_one=Question(
        asked="Could several holders have mixed their copies?",
        chance=(
            "Nothing points to it. Had a second copy been blended in, its mark would remain when that of the "
            "accused copy is taken away. It was taken away and all other copies were tested again. The strongest of "
            "them reached _z_ = {z}, as chance alone would have it; a second copy would have been named from _z_ = "
            "{threshold}."
        ),
        faint=(
            "It cannot be excluded. With the mark of the accused copy taken away, the strongest of the other copies "
            "reached _z_ = {z}, which is unusual ({odds} by chance) yet short of _z_ = {threshold}, from which a "
            "second copy would have been named. It is not accused."
        ),
        present=(
            "With the mark of the accused copy taken away, another copy still reached _z_ = {z} ({odds} by chance). "
            "This report does not name it, and the finding should be traced again."
        ),
        untested="The question does not arise: no other copy is on record.",
    ),
    rivals_mixed_many=Question(
        asked="Did several holders mix their copies?",
        chance=(
            "The picture carries the marks of {count} copies, so it was made from all of them. With these marks "
            "taken away, the strongest of the remaining copies reached _z_ = {z}, as chance alone would have it; a "
            "further copy would have been named from _z_ = {threshold}. Nothing points to one."
        ),
        faint=(
            "The picture carries the marks of {count} copies, so it was made from all of them. With these marks "
            "taken away, the strongest of the remaining copies reached _z_ = {z}, which is unusual ({odds} by "
            "chance) yet short of _z_ = {threshold}, from which a further copy would have been named. It is not "
            "accused."
        ),
        present=(
            "The picture carries the marks of {count} copies. With these taken away, another copy still reached _z_ "
            "= {z} ({odds} by chance). This report does not name it, and the finding should be traced again."
        ),
        untested="The picture carries the marks of all {count} copies on record, so it was made from all of them.",
    ),
    rivals_master=Question(
        asked="Was it the owner’s own, undistributed copy?",
        chance=(
            "Nothing points to it. {owner} keeps one marked copy that was given to nobody. It reached _z_ = {z}, as "
            "a copy without a part in the leak would."
        ),
        faint=(
            "It cannot be excluded that it had a part. {owner} keeps one marked copy that was given to nobody. It "
            "reached _z_ = {z}, which is unusual ({odds} by chance) yet too little to be claimed."
        ),
        present=(
            "The leak carries the mark of the copy that {owner} keeps and gave to nobody: it reached _z_ = {z} "
            "({odds} by chance). The owner’s own handling of the draft must be examined."
        ),
        untested="No marked copy of the owner’s own was among those tested, so this cannot be answered.",
    ),
    rivals_revision="Which revision of the draft is it?",
    rivals_revision_none=(
        "Revision {revision} of “{draft}”, with a correlation of {correlation}. No other draft that was tried fits "
        "the leak."
    ),
    rivals_revision_some=(
        "The leak could also be laid over the drafts below. How well each of them fits is stated beside the draft of "
        "this finding; the copies of all of them were tested and are counted in every probability of this report."
    ),
    rivals_revision_head=("Draft", "Revision", "Correlation", "Share shown"),
    rivals_this_draft="{name} (this finding)",
    # 6
    custody_heading="Timeline and custody",
    custody_lead=(
        "Every event below is an entry of a ledger to which entries can only be added: an entry that is altered or "
        "removed is seen by whoever compares the ledger with a receipt or a checkpoint that covers it. The bundle "
        "proves each entry by its number. Where and when the leak was found is stated so: {found}. {owner} received "
        "the file on {received}."
    ),
    custody_lead_unstated=(
        "Every event below is an entry of a ledger to which entries can only be added: an entry that is altered or "
        "removed is seen by whoever compares the ledger with a receipt or a checkpoint that covers it. The bundle "
        "proves each entry by its number. Where and when the leak was found is not stated. {owner} received the file "
        "on {received}."
    ),
    custody_head=("Entry", "What was recorded", "Time"),
    custody_kinds={
        "draft-registered": "The draft was registered, with the thresholds for an accusation",
        "draft-changed": "The draft's status or label was changed",
        "copy-issued": "A copy was issued to its holder; its mark was committed to",
        "nonce-given": "The holder gave a nonce for its copies' keys",
        "person-readmitted": "A person who had been shut out was let in again",
        "copy-downloaded": "The holder downloaded the copy",
        "copy-revoked": "The copy was revoked",
        "agreement-registered": "The agreement was registered",
        "agreement-accepted": "The agreement was accepted",
        "agreement-terminated": "The agreement was terminated",
        "onward-decided": "It was decided whether the holder may pass copies on",
        "round-opened": "A bidding round was opened",
        "round-closed": "The bidding round was closed",
        "round-awarded": "The bidding round was awarded",
        "destruction-certified": "The holder certified that the copy was destroyed",
        "engagement-suspended": "The holder’s engagement was suspended",
        "engagement-resumed": "The holder’s engagement was resumed",
        "leak-received": "The leak was received",
        "post-received": "A place where the leak was seen was put on record",
        "post-changed": "What is known of a place where the leak was seen was corrected",
        "leak-clustered": "The leak was put together with another that looks the same, unchecked",
        "leak-regrouped": "The leak was put together with another, or apart from it",
        "source-noted": "A note on an account or a channel was written",
        "trace-run": "The leak was traced",
        "trace-failed": "A trace of the leak failed",
        "case-opened": "A case was opened",
        "case-changed": "The case was carried on",
        "case-merged": "The case was merged with another",
        "case-escalated": "The case was overdue and was escalated",
        "case-exported": "The case was exported",
        "allegation-put": "An allegation was put to the responsible party",
        "reply-received": "The party’s reply was received",
        "allegation-final": "The allegation became final",
        "allegation-withdrawn": "The allegation was withdrawn",
        "evidence-asked": "The party asked for the evidence",
        "evidence-granted": "The party was granted the evidence",
        "evidence-handed-over": "The evidence was handed over to the party",
        "intent-judged": "A judgement of the intent was recorded",
        "approval-given": "A step was approved",
        "sanction": "A sanction was imposed",
        "sanction-appealed": "The party appealed against the sanction",
        "sanction-decided": "It was decided on the sanction",
        "sanction-paid": "A payment was recorded",
        "sanction-payment-taken-back": "A payment that was recorded by mistake was taken back",
        "sanction-settled": "The sanction was settled",
        "sanction-waived": "The sanction was waived",
        "sanction-withdrawn": "The sanction was withdrawn",
        "measure-reported": "The party reported that a measure is done",
        "measure-judged": "A report on a measure was judged",
        "plan-asked": "The party was asked for a rectification plan",
        "plan-submitted": "The party submitted its rectification plan",
        "action-judged": "An action of the plan was accepted or returned",
        "plan-accepted": "The rectification plan was accepted",
        "action-verified": "The execution of an action was verified or returned",
        "flow-down-checked": "The check of a sub-vendor was stated or confirmed",
        "access-returned": "The party’s access was returned",
        "sighting-recorded": "A sighting was recorded",
        "sighting-changed": "What is known of the sighting was changed",
        "sighting-matched": "The sighting was compared with the drafts",
        "sighting-match-failed": "Comparing the sighting with the drafts failed",
        "sighting-turned": "A sighting was turned into a leak, or a leak into a sighting",
        "statement-issued": "A public statement was issued",
        "statement-corrected": "A public statement was corrected by a later one",
        "statement-withdrawn": "A public statement was withdrawn",
    },
    custody_after=(
        "In the ledger, the commitment to a copy’s mark stands before the receipt of the leak. That the ledger itself "
        "is older than the leak is shown by a holder’s receipt or by a time-stamp authority, not by the ledger alone; "
        "step 6 of the verification says whether an authority stamped it."
    ),
    # 7
    limits_heading="What this finding does not say",
    limits_lead="The finding ends at the copy, and what is built on it must stand on other evidence.",
    limits=(
        "**Who leaked it.** It names a copy and, through the ledger, the organisation that the copy was issued to. It "
        "names no person.",
        "**That the holder acted knowingly.** A copy can be stolen from its holder, or passed to somebody further down "
        "who leaks it. The mark is the same in every case.",
        "**That the owner’s own systems did not leak.** The ledger states when a copy was issued. It does not "
        "exclude that the same file left from the server of {owner}.",
        "**That nobody framed the holder.** Whoever has a holder’s file can leak it in the holder’s name.",
        "**Anything of what carries no mark.** A drawing copied by hand or a text typed anew bears no mark and "
        "cannot be traced in this way.",
        "**More than one trace.** The probability holds for this one trace of this one file. Had many leaks, or "
        "many versions of this one, been traced and the most telling chosen, it would have to be multiplied by "
        "their number.",
    ),
    # 8
    check_heading="How anybody can check it",
    check_lead=(
        "This report is part of an evidence bundle, one file that holds all it rests on: the leak, the unmarked "
        "draft, the keys of the accused copies and of no others, the entries of the ledger and their proofs. To "
        "check it takes neither the good will of {owner} nor a network:"
    ),
    check_steps=(
        "Install Tidemark, which is free and open, on any computer; take it from the project’s own page, not by "
        "its name "
        "from a package index. The annex names the version that was used.",
        "Run **tidemark verify** with the bundle’s file name. How the leak fits the draft, the score and the "
        "probability of each accused copy, and the scores of all decoys are computed again from the files, the "
        "proofs of the ledger are followed, and each step is reported with whether it holds.",
        "Compare the public key of the ledger that is shown with the one that {owner} made known beforehand, such "
        "as on a holder’s receipt. The key binds every entry of section 6.",
    ),
    check_after=(
        "A single altered bit, in whatever part of the bundle, is found. If this report and the bundle differ, the "
        "bundle is right."
    ),
    # 9
    annex_heading="Technical annex",
    annex_method_heading="Method",
    annex_method=(
        "Each copy has a key of 256 bits of its own. It is expanded by AES-256 into some 100,000 numbers _w_ of the "
        "law N(0, 1), and marking adds a faint smooth picture made of them to the draft. Tracing lays the leak "
        "over the unmarked draft, subtracts what the draft explains, and weighs the rest by how well each part of "
        "it came through the leak’s journey.",
        "The result is a feature vector _x_. A copy’s score is",
        "Neither the leak nor the draft depends on the key of a copy from which the leak was not made. For such a "
        "copy _x_ and _w_ are therefore independent, and given _x_, _z_ is a sum of independent normal numbers with "
        "coefficients whose squares add up to 1: _z_ has the law N(0, 1), but for the rounding of the numbers. "
        "Nothing is assumed about the picture, what was done to it, or the quality of the fit.",
        "With _K_ copies tested under each of _T_ hypotheses, the probability that any innocent copy reaches _z_ is "
        "therefore at most",
    ),
    annex_bound_word="bound",
    annex_score_alt="z equals the inner product of x and w, divided by the norm of x",
    annex_bound_alt=(
        "bound equals K times T times Q of z; Q of z is the probability that a standard normal number is at least z"
    ),
    annex_rounds=(
        "_T_ is twice the number of feature vectors scored; the factor pays for the naming of several copies. When "
        "a copy is named, its numbers are projected out of _x_ and the others are scored again; in round _r_ the "
        "bound is multiplied by _r_ (_r_ + 1) / 2. No bound below 10^−77 is stated, because a key of 256 bits can "
        "be guessed with that probability."
    ),
    annex_figures_heading="Tests and thresholds",
    annex_tests={
        "copies": "Copies tested (K)",
        "hypotheses": "Hypotheses (T)",
        "accused": "Bound for an accusation",
        "suspected": "Bound for a lead",
        "threshold": "Score needed for an accusation (z)",
        "decoys": "Decoys",
        "decoy_max": "Highest decoy score",
        "decoy_ks": "Decoys, Kolmogorov–Smirnov p",
        "seed": "Seed of the decoys",
        "next": "Strongest copy not accused",
        "master": "Owner’s undistributed copy",
    },
    annex_threshold_round="{z} in round {round}",
    annex_bound_value="_z_ = {z}, log₁₀ of the bound {bound}",
    annex_accused_heading="Accused copies",
    annex_accused_head=("Copy", "Round", "z", "log₁₀ of the bound"),
    annex_accused_after="As computed; in words, no bound is put below 10^−77.",
    annex_registration_heading="Registration",
    annex_registration={
        "draft": "Draft on record",
        "file": "File",
        "revision": "Revision",
        "correlation": "Correlation with the leak",
        "coverage": "Share of the draft shown",
        "mirrored": "Mirrored",
    },
    annex_yes="yes",
    annex_no="no",
    annex_hashes_heading="Files (SHA-256)",
    annex_hashes={"leak": "Leak", "draft": "Draft"},
    annex_versions_heading="Versions",
)
