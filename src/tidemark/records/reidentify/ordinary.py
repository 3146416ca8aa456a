"""Words that point to nobody: what companies' names have in common, and ordinary words that are names at times."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a list that is written down here, in its order."""
    return tuple(text.split())


LEGAL_FORMS = frozenset(
    words("""
    ab ag aps as asa bhd bv bvba co company cv corp corporation cooperative doo dba eg eood ev fze gbr gesmbh gmbh inc
    incorporated jsc kft kg kgaa kk lda limited llc llp lp ltd ltda mbh nv oao ohg oo ooo oy oyj pao plc pt pte pty
    pvt rt sa sab sac sae sarl sas se sia snc spa spol sp srl sro sl slu tbk ug ulc unlimited zao zoo zrt
""")
)

JOINING = frozenset(
    words("""
    a an and at by da das de del den der des di do dos du e el et for from in la le les of on or the to und van von y
    zu zum zur with
""")
)

GENERIC = frozenset(
    words("""
    active adhesive advanced alliance aluminium aluminum anlagen apparate applied art asia assembly associates auto
    automation automobil automobile automotive bau body brothers bumper bumpers car cars carbon casting castings
    center centre chemical chemicals china chinese coating coatings colour color components composite composites
    concept consulting contact controls corporate cutting design designs development dies digital display distribution
    drive dynamics east eastern electric electrical electronic electronics element elements energy engineering
    engineered enterprise enterprises equipment europe european exterior exteriors fabrication factory finishing first
    foam forming foundry front gebruder gesellschaft glass global group gruppe handel haus hightech holding holdings
    house hydraulics image images industria industrial industrie industrielle industries industry information
    injection innovation innovations innovative institute integrated interior interiors international joint kunststoff
    kunststofftechnik laboratories laboratory laser leather light lighting limited logistics machine machinery
    machines manufacturing manufacture maschinen maschinenbau material materials mechanical mechanics media member
    metal metals mobility model models mold molding moldings molds motor motors mould moulding mouldings moulds
    national new north northern office optical optics owner packaging paint painting paints part partner partners
    parts party people person plant plastic plastics plastik polymer polymers power precision press print printing
    process processing product production products project prototype prototypes prototyping quality rapid rear
    research robotics rubber safety sales sciences seating security service services sheet shop sitz smart software
    solution solutions south southern special specialist specialty steel structures studio studios sub subcontractor
    supplier suppliers supply surface surfaces system systems team tech technic technical technics technik technologie
    technologies technology test testing textile textiles tier tool tooling tools trade trading transport trim union
    united universal vehicle vehicles vendor vendors ventures visual welding werk werke werkzeugbau west western wheel
    wheels works world zulieferer
""")
)
"""Words of the trade, and of names of companies anywhere. They are never distinctive by themselves."""

ORDINARY = frozenset(
    words("""
    able above academy access account ace acorn action advance adventure agent air alert all alpha amber anchor angel
    apex apple april arch arctic arena arrow ascent ash aspect asset atlas aurora autumn avenue award axis badge
    balance bank banner bar base basis bay beacon beam bear bell bench benefit best beta big birch bird black blade
    blue board bold bond bonus book border boundary box branch brand brave bridge bright brilliant broad bronze brook
    brown build building bureau business butler camp canal candle canyon cape capital captain cardinal care carpenter
    case castle cedar central century certain chain challenge champion chance change channel chapel chapter charter
    chief choice circle citizen city classic clay clean clear cliff clock cloud club coast cobalt code comet comfort
    command common community compass complete confidence connect constant contour cook cooper copper coral core corner
    corona count country course court cove craft create credit creek crest crew crown crystal current curve customer
    cycle daily data dawn day deal deep delta depot desert diamond direct director discovery division dolphin dome
    double dove dragon dream eagle early earth echo eclipse edge effect eight elder elite elm ember emerald empire
    endeavour engine entire envoy equal equity ever evident exact example excel exchange expert explorer express extra
    factor fair faith falcon family farm fast feather field fine finish fire five flag flame fleet flex flow focus
    force ford forest forge form fort fortune forum forward foundation fountain four fox frame free fresh friend
    frontier fusion future gain galaxy gallery garden gate gateway gem general genesis giant glen glory gold golden
    good grace grand granite graph gravity great green grey grid ground grove growth guard guide guild gulf habitat
    hall hammer hand harbor harbour harmony harvest haven hawk head heart heritage hero high highland hill home honest
    honour hope horizon horse hub hunter ideal impact imperial impulse independent index inland inner insight inspire
    iron island ivory ivy jade january joint journey july june juniper jupiter just keen key keystone king kite knight
    lake land landmark lane lark lead leader league legacy legend level liberty life line link lion live lodge logic
    long loop lotus lucky lunar magic magnet main major maple march marine mark market marsh marshall mason master
    matrix matter may meadow measure member mercury meridian merit metro middle mile mill miller mint mirror mission
    mobile modern momentum monarch moon morning motion mountain mutual nation native natural nature navigator near
    nest network neutral next nine noble normal note nova oak ocean offer olive omega one onyx open optimum option
    orange orbit orchard order origin osprey outer oval owl pacific page palm panorama panther paper paragon park pass
    path peak pearl penguin perfect phase phoenix pilot pine pioneer place plain plan planet platform point pole polar
    pool port portal post premier present pride primary prime prince principal prism progress promise proof prospect
    proud provident pulse pure purple quantum quarter quartz queen quest quick radiant rail rain rainbow range ranger
    raven ray reach ready real record red reed reef reference reform regal regent region regular relay reliable
    reliance republic rescue reserve resolute response result ridge right ring rise river road rock rocket root rose
    round route royal ruby run sail salt sand sapphire saturn scale school scope scout sea seal season second select
    senior sense sentinel series seven shadow shape sharp shell shield shine ship shore short shot side sierra sigma
    sign signal silver simple single site six sky smith snow solar solid sonic source space spark special spectrum
    speed sphere spiral spirit spring square stable staff stage standard star start state station stellar step
    sterling stone storm straight strategic stream street strong summer summit sun sunrise super superior support sure
    swan swift symbol target taylor ten term terra thames theme think three thunder tide tiger timber time titan top
    torch total touch tower town track tradition trail train treasure tree trend triangle trident trinity triton
    triumph true trust turn turner twin two unique unity urban valley value vanguard vector velocity venture verde
    vertex victor victory view village vine violet virtue vision vista vital voice volt voyage wagon walker wall
    warren water wave way weaver weber well whale white wide wild will willow wind window wing winner winter wise wolf
    wood wright yellow york young zenith zero zone
""")
)
"""Ordinary words. Alone they are taken for a name only where they are written like one."""

ABBREVIATIONS = frozenset(
    words("""
    ad ag am api bid cad ce ceo cfo cn cny co coo cto dc de ea ec eg eu eur ev faq gb gdpr gmt hr hq id ie ip ipr iso
    it ltd mp ms na nda ng no ok pa pc pdf pl pm pr qa rd rfq rmb sa se so st suv tm to tv uk un us usa usd utc vat
    vda vip vp
""")
)
"""Short forms that stand for something else in a statement."""

READ_AS_PINYIN = frozenset(
    words("""
    abide abuse acute adage agenda agua aide aiding ailing aiming alien alike alone along alongside amaze amen
    amending american amuse anger angle angling animate anime antique anyone apache area arena arise arisen arouse
    asia asian aside awaiting awake awaken aware awoken bake balance bale baling banana bandage bane banning bare
    base baseline baseman beige bending benzene bide biding bien bike bile binding binge bingo bite biting boating
    bonanza bone bore bose boxing busier bute buying cabin cache cadence cage cake calorie came cameo canada
    canadian canceling cane canine canning canoe canteen care career case cashier cease cede censure chalice chance
    change changer channeling chanting chase cheating cheer cheese cheque chili chime china chinese chute cine
    cinema cite citing citizen courier couture cuisine cumin cunning cure cute dale damage dame dance danger dangle
    danke dare data database date dating dealing dean debate debating decade decaying decide deciding dedicate
    deduce deepen deer defence defending defense defuse delaying delegate delete deleting delicate delude deluge
    demanding demise demo denote dense denying depending desire detailing detaining dialing dice dieting dilute
    diluting dime dine dingo dining diode dioxide dire disease disuse dude duke dune ease easier eating editing
    educate educating elude emailing endanger ending endurance endure engage enhance ensue ensure entice entire
    erase erode eroding exile exiting facade face facile fade fading fake fame famine fanfare fanning fare fatigue
    faze fence fending foaming foliage folio fooling footage footing foreman fueling fume fuming fuse futile future
    gage gaining gale galore game gaming gate gaze gene generate generating genome genre gouge guarantee guidance
    guide guideline guiding guile guise gunman gunmen gunning hailing hale handing hanger hangman hare hate hating
    haze headache heading healing heaping heating hence here heritage hesitate house huge human humane hume
    humiliate hunting june keen keeping lace laden lake lame lance landing lane lange late laying leading leakage
    lean leaning leaping lease leisure lice licence license lichen like lime limiting limo line lineage linemen
    linen liner linger lining linkage lite loading loan loaning locale locate locating lone longer longtime looming
    loose loosen loosening lose lunge lure machete machine machining made magazine mage magenta mailing maize make
    male malice manage mandate mane mange manger mango manning manure mare marine maritime mate mating mature
    maximise maximize maze mean meaning meantime measure media mediate medicine meeting melee menace mending
    mentioning menu mere metadata mexican mice mike mile mileage mime mince minding mine mingle mini minimise
    minimize mining minute misuse mitigate mitigating mixing moaning mobile mode modeling module mole molecule
    moose more mouse mule musician mute nailing name naming nature needing negate nice niche niece nine nuance nude
    nuke oboe ocean opaque open opener orange outage outing oxide pace page palace palate pale pane paneling
    panning papa papaya pare parenting paying penance pence pending penning piano piece pier pike pile piling pine
    pinning piping poke pole polite polo pooling pore pose pouting pure puree queen quote quoting range ranger
    reading realise realize reaping rebate receding recite reciting reduce refuge refuse refute regulate regulating
    relate relaxing release reliance relocate relocating remade remaining remake reminding remote rename renaming
    renting reopen resale reside residence residing residue resume resuming retailing retaining retake retina
    retire rice ride riding rile ripen rise risen rite rouge rouse route routine routing rude ruining rule ruling
    rune running runtime ruse sabotage sage sailing sake sale salvage same sane saying sealing seaman seamen
    seating secure sedan seduce seen semi senate sending senile sense sequence serenade serene sewage shade shading
    shake shaken shale shame shaming shaping share sheen sheer sheeting shine shining shire shouting side sideline
    siding siege silica simulate simulating sine site siting size suede suicide suite suiting sunken sunrise
    sunshine sure suture take taken tale tame tangle tango tanning taping tare tate taxi teaming tease teeming teen
    teenage tenure tibia tide tiding tile tiling time timeline timing tinge tingle tingling tire tuba tubing tuna
    tune tuner tuning tunneling wade wading wage waiting wake wane waning wanting ware warehouse woken woman women
    wooden wore yoke
""")
)
"""Everyday English words that read like Chinese names in pinyin, such as that of 李宁. Written so, they name nobody."""

FREE_MAIL = frozenset(
    words("""
    126 139 163 aliyun aol foxmail gmail gmx googlemail hotmail icloud live mail mailbox me msn outlook proton
    protonmail qq sina sohu t-online web yahoo yeah yandex
""")
)

SAID_BY_ALL = (
    "We take this matter very seriously. We take this incident extremely seriously. We take the protection of "
    "confidential information very seriously. We take information security very seriously. We take all necessary "
    "measures. We have taken all necessary steps.",
    "We have started an internal investigation. We have launched an internal investigation into the matter. We are "
    "investigating the incident. The investigation is still ongoing. The investigation has not been completed yet. "
    "We have immediately begun to investigate the incident. We cannot comment on an ongoing investigation.",
    "We deeply regret this incident. We sincerely apologise for any inconvenience. We sincerely apologize for any "
    "inconvenience caused. We are aware of images that are circulating on the internet and in social media.",
    "We are working closely with the competent authorities. We reserve the right to take further legal action. We "
    "reserve all rights. We will provide further information in due course. We do our utmost to prevent this from "
    "happening again. We will do everything in our power to prevent such incidents in the future.",
    "We thank you for your understanding and for your patience. We thank you for your trust. For further questions "
    "please do not hesitate to contact us. Please contact our press office for further information.",
    "Confidential information was disclosed to third parties without authorisation. Protecting the confidential "
    "information of our customers and business partners is of the utmost importance to us.",
    "我们高度重视此事。我公司对此高度重视。我们高度重视此次事件。我们高度重视信息安全。我们已第一时间展开内部调查。",
    "相关调查仍在进行中。目前调查正在进行。我们对此深表歉意。对此我们深表遗憾。由此给您带来的不便，我们深表歉意。",
    "我们将采取一切必要措施。我们将采取切实有效的措施，防止类似事件再次发生。我们保留进一步追究法律责任的权利。",
    "感谢您的理解与支持。感谢社会各界的关注与支持。请勿转发、传播相关图片。我们将及时公布进一步的信息。",
)
"""What every company says of an affair, in whatever order. It is nobody's quote."""

LEGAL_FORMS_ZH = words("""
    有限责任公司 股份有限公司 有限公司 责任公司 集团公司 股份公司 集团 公司 控股 股份 工厂 厂
""")

PLACES_ZH = words("""
    北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州
    云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 中国 苏州 无锡 常州 南京 南通 扬州 镇江 盐城 徐州
    昆山 太仓 宁波 杭州 温州 台州 嘉兴 湖州 绍兴 金华 合肥 芜湖 滁州 福州 厦门 泉州 南昌 济南 青岛 烟台 潍坊 郑州 洛阳
    武汉 襄阳 十堰 长沙 株洲 湘潭 广州 深圳 东莞 佛山 惠州 珠海 中山 柳州 南宁 成都 绵阳 贵阳 昆明 西安 兰州 沈阳 大连
    长春 哈尔滨 石家庄 保定 唐山 太原 海口
""")

GENERIC_ZH = words("""
    塑料制品 汽车零部件 汽车部件 汽车饰件 精密模具 零部件 保险杠 供应商 分供方 新材料 自动化 信息技术 塑料 塑胶 塑业
    橡塑 橡胶 汽车 车身 车灯 部件 配件 零件 科技 技术 实业 工业 制造 制品 喷涂 涂装 涂料 模具 模塑 注塑 饰件 内饰 外饰
    精密 精工 机械 机电 电子 电气 电器 材料 设备 工程 设计 贸易 商贸 国际 发展 投资 管理 服务 物流 包装 印刷 五金 金属
    钢铁 铸造 锻造 压铸 冲压 焊接 智能 数字 信息 软件 网络 光电 照明 玻璃 化工 化学 能源 动力 股份 控股 集团 中心
    研究院 研究所 工作室 事务所 联合 创新 先进 有限
""")
"""Words of the trade in Chinese, longer ones first where one holds the other."""

EVERYDAY_ZH = frozenset(words("联系 人员 成员 公司 我们 设计 图片 项目"))
"""Words of any text in Chinese, which is no company's name by itself."""

ORDINARY_ZH = EVERYDAY_ZH | frozenset(
    words("""
    未来 新型 先锋 第一 中华 东方 南方 北方 西部 时代 世纪 环球 通用
""")
)
