"""The report in simplified Chinese."""

from tidemark.evidence.report.texts import Question, Texts

CHINESE = Texts(
    language="zh",
    region="cn",
    # Figures in words
    date="{year}年{month}月{day}日",
    moment="{date} {time}（协调世界时）",
    months=tuple(str(month) for month in range(1, 13)),
    small_numbers=(),
    odds="不超过 {number} 分之一",
    no_odds="不受限制",
    size="{bytes} 字节",
    and_more="另有 {count} 份，见下表",
    sentence_space="",
    # The frame of the page
    title="外泄图片溯源报告",
    subtitle="关于一张外泄图片的来源",
    header="外泄图片 {hash}",
    confidential="机密",
    footer="第 {page} 页，共 {pages} 页",
    fact_project="项目",
    fact_draft="图稿",
    fact_draft_value="{name}，第 {revision} 版",
    fact_leak="外泄图片",
    fact_owner="出具方",
    fact_made="出具日期",
    figure="图 {number}",
    # 1
    finding_heading="认定结论",
    finding_one=(
        "经查，外泄图片“{leak}”带有图稿“{draft}”之**副本 {copy}** 的标记；该副本由{owner}于{issued}发放给**{holder}**。"
    ),
    finding_many=(
        "经查，外泄图片“{leak}”带有图稿“{draft}”之**{count} 份副本**的标记；各该副本均由{owner}发放，持有方见下表。"
    ),
    finding_odds_one=("倘若某一副本与本图片的形成无关，其凭同等证据被误指的概率**不超过 {number} 分之一**。"),
    finding_odds_many=(
        "倘若某一副本与本图片的形成无关，其凭同等证据被误指的概率，即使以上述认定中最弱的一项计，亦**不超过 "
        "{number} 分之一**。"
    ),
    claims_lead="本报告提出三项主张。三项主张依据各不相同，对其中一项提出异议，不影响其余两项。",
    claims_head=("副本", "保管方", "责任方"),
    claims_grounds=("依据标记，附概率", "依据副本发放台账", "依据协议约定"),
    claims_score="得分 _z_ = {z}",
    claims_odds="误指概率{odds}",
    claims_issued="{date}发放",
    claims_under="副本发放所依据的协议：{agreement}",
    claims_nobody="无协议记录，不作主张。",
    claims_after="上述概率仅就副本而言。本报告不认定具体由何人将图片外传；其他不作认定的事项，见第 7 节。",
    # 2
    leak_heading="外泄图片与图稿",
    leak_lead=(
        "图 1 为图片被发现时的原貌。随后，仅依据形状与影调将其与未加标记的图稿对齐，全程不参照任何持有方的副本；"
        "图 2 与图 3 为二者在同一画幅下的对照。外泄图片呈现了图稿的 {coverage}，就该部分而言，二者的相关系数为 "
        "{correlation}（1 表示完全一致）。"
    ),
    leak_mirrored="外泄图片为镜像，对齐时已翻转还原。",
    leak_facts={
        "name": "文件名",
        "size": "大小",
        "found": "发现情况",
        "received": "接收时间",
        "sha256": "SHA-256",
    },
    leak_as_found="外泄图片被发现时的原貌。",
    leak_aligned="对齐至图稿画幅的外泄图片。浅灰部分为该图片未呈现的区域。",
    leak_draft="加标记之前的图稿，画幅相同。",
    # 3
    where_heading="标记所在的位置",
    where_lead=(
        "标记极其微弱，肉眼无法察觉。图 4 为外泄图片中无法由图稿解释的部分，经大幅放大显示：其中有重新压缩和流转留下的"
        "痕迹，标记亦在其中。图 5 显示画面中哪些位置指向副本 {copy}；全图各处相加，即为该副本的得分 _z_ = {z}。"
    ),
    where_difference="外泄图片与图稿之差，已放大。中灰表示无差异。",
    where_map="副本 {copy} 的标记所在位置，衬以图稿。",
    where_after="标记遍布整幅图稿。因此，凡外泄图片保留了足够细节之处，均应能发现标记，而不会只集中于一点。",
    # 4
    scores_heading="各副本的得分",
    scores_lead=(
        "凡外泄图片能够与之对齐的图稿，其在册副本全部接受检验，**共 {copies} 份**。副本的得分 _z_ 表示其标记与外泄图"
        "片的吻合程度。对于与该图片的形成无关的副本，无论图片经过何种处理，_z_ 均服从标准正态分布：100 次中有 95 次"
        "介于 −2 与 2 之间。得分达到 **_z_ = {threshold}** 方予指认。"
    ),
    scores_caption=(
        "每一小点代表该图稿 {copies} 份副本中的一份，位于其首轮得分处；大点为被指认的副本，位于其被指认时的得分处。"
    ),
    scores_caption_columns=(
        "该图稿 {copies} 份副本的首轮得分：密集处以柱表示，稀疏处以小点表示；大点为被指认的副本，位于其被指认时的得"
        "分处。"
    ),
    scores_caption_decoys="阶梯线为 {decoys} 个对照密钥的得分。",
    scores_compressed="浅色底纹部分的横轴经过压缩。",
    scores_axis="得分 z",
    scores_bell="无关副本的预期分布",
    scores_threshold="指认阈值 {z} →",
    scores_decoy="对照密钥最高 {z}",
    scores_accused="{holder}，_z_ = {z}",
    scores_head=("序号", "副本", "持有方", "得分 z", "误指概率"),
    scores_after=(
        "为在本图片上当场检验方法本身，另以 {decoys} 个对照密钥一并计分，这些密钥由外泄图片自身的哈希值导出，任何人"
        "均无从挑选，且从未用于任何副本。其表现与理论上无关副本应有的表现相符：最高分为 _z_ = {max_z}，对其得分分布"
        "所作的柯尔莫哥洛夫–斯米尔诺夫检验得 _p_ = {ks_p}。"
    ),
    # 5
    rivals_heading="对其他可能解释的审查",
    rivals_lead=(
        "以下各项均以独立的数据加以检验，得分的含义与第 4 节相同。未被指认之副本的密钥不予公开，故其得分系{owner}的"
        "陈述；本认定并不以此为依据。"
    ),
    rivals_mixed_one=Question(
        asked="是否可能由多个持有方将各自的副本混合而成？",
        chance=(
            "未见此种迹象。倘若混入了另一份副本，则去除被指认副本的标记之后，另一份副本的标记仍会留存。据此去除该标"
            "记，并对其余副本重新检验，其中最高分为 _z_ = {z}，属于偶然波动的范围；而另一份副本须达到 _z_ = "
            "{threshold} 方予指认。"
        ),
        faint=(
            "不能排除。去除被指认副本的标记之后，其余副本中最高分为 _z_ = {z}，偶然出现的概率{odds}，虽属少见，"
            "但未达到指认另一份副本所需的 _z_ = {threshold}，故不予指认。"
        ),
        present=(
            "去除被指认副本的标记之后，仍有另一份副本的得分达到 _z_ = {z}，偶然出现的概率{odds}。本报告未指认该副本，"
            "应当重新溯源。"
        ),
        untested="不存在此问题：台账中没有其他副本。",
    ),
    rivals_mixed_many=Question(
        asked="是否由多个持有方将各自的副本混合而成？",
        chance=(
            "图片带有 {count} 份副本的标记，可见其由这些副本共同形成。去除上述标记之后，其余副本中最高分为 _z_ = {z}，"
            "属于偶然波动的范围；而再指认一份副本须达到 _z_ = {threshold}。未见尚有其他副本参与的迹象。"
        ),
        faint=(
            "图片带有 {count} 份副本的标记，可见其由这些副本共同形成。去除上述标记之后，其余副本中最高分为 _z_ = {z}，"
            "偶然出现的概率{odds}，虽属少见，但未达到再指认一份副本所需的 _z_ = {threshold}，故不予指认。"
        ),
        present=(
            "图片带有 {count} 份副本的标记。去除上述标记之后，仍有另一份副本的得分达到 _z_ = {z}，偶然出现的概率"
            "{odds}。本报告未指认该副本，应当重新溯源。"
        ),
        untested="图片带有台账中全部 {count} 份副本的标记，可见其由这些副本共同形成。",
    ),
    rivals_master=Question(
        asked="是否出自出具方自留、未曾发放的副本？",
        chance="未见此种迹象。{owner}自留一份带有标记的副本，从未交付任何人。其得分为 _z_ = {z}，与无关副本无异。",
        faint=(
            "不能排除该副本参与其中。{owner}自留一份带有标记的副本，从未交付任何人。其得分为 _z_ = {z}，偶然出现的概"
            "率{odds}，虽属少见，但不足以作出认定。"
        ),
        present=(
            "外泄图片带有{owner}自留副本的标记，该副本从未交付任何人：其得分为 _z_ = {z}，偶然出现的概率{odds}。"
            "应当审查出具方自身对图稿的管理。"
        ),
        untested="受检副本中没有出具方自留的带标记副本，故无法回答此问题。",
    ),
    rivals_revision="外泄的是图稿的哪一版？",
    rivals_revision_none="为“{draft}”第 {revision} 版，相关系数 {correlation}。所比对的其他图稿均不能与外泄图片对齐。",
    rivals_revision_some=(
        "外泄图片亦可与下列图稿对齐。下表将其吻合程度与本次认定所涉图稿并列；各图稿的副本均已接受检验，并已计入本报"
        "告的各项概率。"
    ),
    rivals_revision_head=("图稿", "版次", "相关系数", "呈现比例"),
    rivals_this_draft="{name}（本次认定）",
    # 6
    custody_heading="时间线与保管链",
    custody_lead=(
        "以下各项均记载于只能追加的台账：任何一条记录如遭更改或删除，将台账与涵盖该记录的回执或检查点相比对即可发"
        "现。证据包按编号逐条提供"
        "证明。关于外泄图片，据陈述其发现情况为：{found}；{owner}于{received}收到该文件。"
    ),
    custody_lead_unstated=(
        "以下各项均记载于只能追加的台账：任何一条记录如遭更改或删除，将台账与涵盖该记录的回执或检查点相比对即可发"
        "现。证据包按编号逐条提供"
        "证明。外泄图片的发现情况未作说明；{owner}于{received}收到该文件。"
    ),
    custody_head=("编号", "记载事项", "时间"),
    custody_kinds={
        "draft-registered": "图稿登记，同时确定指认阈值",
        "draft-changed": "更改图稿的状态或密级",
        "copy-issued": "向持有方发放副本，并对其标记作出承诺",
        "nonce-given": "持有方为其副本的密钥提供随机数",
        "person-readmitted": "重新启用已停用的人员",
        "copy-downloaded": "持有方下载副本",
        "copy-revoked": "撤回副本",
        "agreement-registered": "登记协议",
        "agreement-accepted": "接受协议",
        "agreement-terminated": "终止协议",
        "onward-decided": "就持有方可否向下转发作出决定",
        "round-opened": "开启竞标轮次",
        "round-closed": "关闭竞标轮次",
        "round-awarded": "公布竞标结果",
        "destruction-certified": "持有方书面确认副本已销毁",
        "engagement-suspended": "暂停与持有方的合作",
        "engagement-resumed": "恢复与持有方的合作",
        "leak-received": "收到外泄图片",
        "post-received": "登记外泄图片的一处发布",
        "post-changed": "更正关于一处发布的信息",
        "leak-clustered": "外泄图片因外观相同归入另一组，尚未核对",
        "leak-regrouped": "外泄图片重新归组",
        "source-noted": "就账号或频道写下备注",
        "trace-run": "对外泄图片溯源",
        "trace-failed": "对外泄图片的溯源失败",
        "case-opened": "立案",
        "case-changed": "案件有新进展",
        "case-merged": "案件并入另一案件",
        "case-escalated": "案件逾期并上报",
        "case-exported": "案件已导出",
        "allegation-put": "向责任方提出指称",
        "reply-received": "收到该方答复",
        "allegation-final": "指称成为定论",
        "allegation-withdrawn": "撤回指称",
        "evidence-asked": "该方请求提供证据",
        "evidence-granted": "同意向该方提供证据",
        "evidence-handed-over": "向该方移交证据",
        "intent-judged": "记录对主观意图的判断",
        "approval-given": "批准一项措施",
        "sanction": "作出处置",
        "sanction-appealed": "该方对处置提出申诉",
        "sanction-decided": "对处置作出决定",
        "sanction-paid": "记录一笔付款",
        "sanction-payment-taken-back": "收回一笔误记的付款",
        "sanction-settled": "处置已了结",
        "sanction-waived": "免除处置",
        "sanction-withdrawn": "撤销处置",
        "measure-reported": "该方报告措施已完成",
        "measure-judged": "对措施的报告作出评定",
        "plan-asked": "要求该方提交整改计划",
        "plan-submitted": "该方提交整改计划",
        "action-judged": "接受或退回整改计划中的一项措施",
        "plan-accepted": "接受整改计划",
        "action-verified": "核实或退回一项措施的执行",
        "flow-down-checked": "说明或确认对下级供应商的检查",
        "access-returned": "恢复该方的访问",
        "sighting-recorded": "记录实车目击",
        "sighting-changed": "更正实车目击的情况",
        "sighting-matched": "将实车目击与图稿比对",
        "sighting-match-failed": "实车目击与图稿的比对失败",
        "sighting-turned": "实车目击转为外泄图片，或外泄图片转为实车目击",
        "statement-issued": "发布公开声明",
        "statement-corrected": "以后续声明更正公开声明",
        "statement-withdrawn": "撤回公开声明",
    },
    custody_after=(
        "在台账中，对副本标记的承诺先于收到外泄图片的记录。至于台账本身早于外泄，须由持有方的回执或时间戳机构证明，"
        "台账自身不足以证明；核验的第 6 步说明是否有机构加盖时间戳。"
    ),
    # 7
    limits_heading="本认定不包含的内容",
    limits_lead="本认定止于副本。在此之上的任何结论，须有其他证据支持。",
    limits=(
        "**何人外传。**本认定指明某一副本，并通过台账指明该副本所发放的单位，但不指明任何个人。",
        "**持有方系明知故为。**副本可能从持有方处失窃，也可能经下游转手后外泄。无论何种情形，标记均相同。",
        "**出具方自身的系统未曾泄露。**台账记载副本何时发放，但不能排除同一文件从{owner}的服务器流出。",
        "**无人嫁祸于持有方。**任何取得持有方文件的人，均可以持有方的名义将其外泄。",
        "**关于不带标记之物的任何结论。**手工重绘的图样、重新录入的文字不带标记，无法以此方法溯源。",
        "**超出一次溯源的结论。**上述概率仅就对本文件的这一次溯源而言。倘若对多份外泄文件或本文件的多个变体进行溯源"
        "后择其最有利者，则须将概率乘以其数量。",
    ),
    # 8
    check_heading="如何自行核验",
    check_lead=(
        "本报告是证据包的组成部分。证据包为单一文件，包含本认定所依据的一切：外泄图片、未加标记的图稿、被指认副本的密钥"
        "（不含任何其他密钥）、台账记录及其证明。核验既无须{owner}配合，也无须联网："
    ),
    check_steps=(
        "在任意一台计算机上安装 Tidemark。该软件免费且源代码公开，应从项目自身页面获取，勿按名称从软件包索引安装。"
        "所用版本见附录。",
        "以证据包的文件名运行 **tidemark verify**。程序将根据其中的文件重新计算外泄图片与图稿的吻合程度、各被指认副"
        "本的得分与概率以及全部对照密钥的得分，查验台账的各项证明，并逐步报告是否成立。",
        "将程序所示的台账公钥，与{owner}事先公布的公钥（例如持有方回执上所载者）相比对。第 6 节的每一条记录均受该密"
        "钥约束。",
    ),
    check_after="证据包任何部分哪怕只改动一个比特，均会被发现。本报告与证据包不一致的，以证据包为准。",
    # 9
    annex_heading="技术附录",
    annex_method_heading="方法",
    annex_method=(
        "每份副本各有一个 256 位的密钥。该密钥经 AES-256 扩展为约 100,000 个服从 N(0, 1) 的数 _w_，加标记即是把由"
        "这些数构成的微弱而平滑的图像叠加到图稿上。溯源时，将外泄图片与未加标记的图稿对齐，减去可由图稿解释的部分，"
        "再按其余各部分在流转中的保存程度加权。",
        "由此得到特征向量 _x_。副本的得分为",
        "对于与外泄图片的形成无关的副本，无论图片还是图稿均不依赖其密钥，故 _x_ 与 _w_ 相互独立。给定 _x_，_z_ 是若"
        "干独立正态数之和，其系数的平方和为 1，因此除数值取整外，_z_ 服从 N(0, 1)。这一结论不依赖于对图片内容、所受"
        "处理或对齐质量的任何假设。",
        "以 _T_ 个假设中的每一个检验 _K_ 份副本，则任一无关副本达到 _z_ 的概率不超过",
    ),
    annex_bound_word="上限",
    annex_score_alt="z 等于 x 与 w 的内积除以 x 的范数",
    annex_bound_alt="上限等于 K 乘以 T 乘以 Q(z)，Q(z) 为标准正态数不小于 z 的概率",
    annex_rounds=(
        "_T_ 为计分的特征向量数的两倍，其中的因子 2 用于指认多份副本。每指认一份副本，即将其数列自 _x_ 中投影去除，"
        "再对其余副本计分；第 _r_ 轮的上限须乘以 _r_ (_r_ + 1) / 2。由于 256 位密钥被猜中的概率即为 10^−77，本报告不"
        "陈述低于 10^−77 的上限。"
    ),
    annex_figures_heading="检验与阈值",
    annex_tests={
        "copies": "受检副本数（K）",
        "hypotheses": "假设数（T）",
        "accused": "指认的概率上限",
        "suspected": "线索的概率上限",
        "threshold": "指认所需得分（z）",
        "decoys": "对照密钥数",
        "decoy_max": "对照密钥最高分",
        "decoy_ks": "对照密钥的 K–S 检验 p 值",
        "seed": "对照密钥的种子",
        "next": "未被指认的副本中最高者",
        "master": "出具方自留副本",
    },
    annex_threshold_round="第 {round} 轮 {z}",
    annex_bound_value="_z_ = {z}，概率上限的 log₁₀ 为 {bound}",
    annex_accused_heading="被指认的副本",
    annex_accused_head=("副本", "轮次", "z", "概率上限的 log₁₀"),
    annex_accused_after="均为计算值；以文字表述时，概率上限不低于 10^−77。",
    annex_registration_heading="对齐",
    annex_registration={
        "draft": "在册图稿",
        "file": "文件",
        "revision": "版次",
        "correlation": "与外泄图片的相关系数",
        "coverage": "呈现图稿的比例",
        "mirrored": "镜像",
    },
    annex_yes="是",
    annex_no="否",
    annex_hashes_heading="文件（SHA-256）",
    annex_hashes={"leak": "外泄图片", "draft": "图稿"},
    annex_versions_heading="版本",
)
