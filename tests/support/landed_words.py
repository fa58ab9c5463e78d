"""The words from which the rows of each column of the made-up world are drawn.

A column has the words of its name, or of the last part of its name; those of one table go before. Only words that the column's
contract allows are used. So one list serves many sources, each of which takes what it may contain.
"""

_YEARS = "1994; 1998; 2005; 2008; 2009; 2010; 2011; 2012; 2013; 2015; 2017; 2018; 2019; 2020; 2022"

#: Days around a change of the year, 59 to 61 days apart, and dates that give less than a day.
_DATES = (
    "2009-12-30; 2010-01-02; 2010-02-28; 2010-03-01; 2010-03-02; 2010-03; 2010; 2012-06-01; 2012-06-02; 2012-06-15; 2012-08; "
    "2012-08-14; 2012-08-15; 2012; "
    "2015-11-20; 2017-05-01; 2018-12-15; 2019-02-13; 2019-02-14; 2020-05; 2020-05-31; 2020-07-30; 2022-01-31"
)

_COMPANIES = "Alpha; Alpha Inc; ALPHA; Beta; Beta Labs; Gamma; Delta; Delta Co; Epsilon; Zeta; Eta; Nobody; 甲; 乙"

#: Registered names that state a city, a province, both, or neither.
_REGISTERED = (
    "北京丙公司; 北京市丙公司; 安徽丁公司; 安徽省丁（合肥）公司; 戊（深圳市）公司; 深圳戊公司; 吉林己公司; 东方庚公司; "
    "义乌市辛公司; 义乌辛公司; 辛公司; 广东壬(深圳)公司; 癸; 深圳子(合肥)公司; 合肥丑(深圳市)公司; "
    "海淀区寅公司; 广东卯（安徽）公司"
)

_INVESTORS = (
    "Fund A; Fund A|Fund B; Fund B; Fund B|Angel C; Angel C|Dune|Fund A; Dune; Dune |Fund B; East; North|East; Hill; Hill|Iron; "
    "Jade|Fund A; Kite|Lion|Dune; Lion; Nobody|Fund B; "
    "Solo; Solo|Fund A; Solo|Other Solo"
)

_PLACES = (
    "Beijing; Beijing; Shanghai; Hefei; Shenzhen; Shenzhen; Taizhou; San Francisco; Palo Alto; New York; Kansas City; London; "
    "Nowhere; 北京; 北京市; 上海; 上海; 合肥市; 巢湖市; 深圳; 深圳市; 义乌市; 广东; 安徽; 香港; 台湾; 国外; 美国; "
    "Utopia; Utopia; Utopia; 乌有"
)

_REGIONS = (
    "Anhui; Guangdong; 广东; 安徽省; 北京市; 北京; CA; CA; NY; MO; KS; California; 欧洲; 亚洲; 香港; 台湾; 香港特别行政区; "
    "美国; 01; 22"
)

_COUNTRIES = (
    "CN; CN; CN; US; US; GB; HK; FR; IN; DE; JP; SG; KR; BR; CHN; CHN; CHN; USA; USA; USA; CAN; GBR; FRA; HKG; China; China; "
    "United States; United Kingdom; India; France; Utopia; 美国; 香港"
)

_AMOUNTS = "0; 1000000; 1040000; 1050000; 1060000; 5000000; 5300000; 49000000; 50000000; 51000000; 1000000000"

_UNIVERSITIES = (
    "Uni{row}; School{row}; "
    "Tsinghua University; Peking University; Fudan University; Hefei University; MIT; Stanford University; Caltech; Berkeley; "
    "Harvard; Oxford; 清华大学; 北京大学; 合肥大学; 国防大学; Nobody's College"
)

WORDS = {
    # Names.
    "company": _COMPANIES,
    "issuer": _COMPANIES,
    "company_zh": "甲; 乙; 丙; 甲科技",
    "name_zh": "甲; 乙; 丙; 北京市; 广东省",
    "former_names": "Alpha|Older; Gamma; Omega|Psi",
    "itjuzi_dead_2017_2020__companies.company": "Alpha; Beta; 甲",
    "itjuzi_dead_2017_2020__companies.founded": "2010-03-01; 2012-06-15",
    "itjuzi_dead_2017_2020__companies.closed": "2018-12-15; 2019-02-13",
    "itjuzi_dead_2017_2020__companies.province": "广东; 欧洲; 香港; 乌有",
    "financedatabase__equities.company": "Alpha; Beta; Gamma; Zhejiang Alpha; Jiangsu Beta; Zhe Jiang Gamma; Nobody",
    "financedatabase__equities.place": "Taizhou; Taizhou; Beijing; Beijing; Beijing; Hefei; Utopia",
    "financedatabase__equities.country": "China; China; United States; Utopia",
    "legal_name": _REGISTERED,
    "investor_graph_2008_2019__edges.company": _REGISTERED,
    "investor": "Fund A; FUND A; Fund B; Angel C; Dune; East; North; Hill; Iron; Jade; Kite; Lion; Mist; Nobody",
    "cb_insights__unicorns_2021.company": "alpha; Beta; Older; Psi; Omega; Sigma; Tau",
    "firm": "Fund A; Fund B; Law One; Law Two; Audit Three; Audit Four; Search Five; Nobody",
    "itjuzi__investor_firms.firm": "Fund A; Fund B; Dune; East; Kite; Mist; 甲基金",
    "investors": _INVESTORS,
    "lead": _INVESTORS,
    "acquirer": "Alpha; Beta; Giant; Giant Inc",
    "parent": "Alpha; Beta; Giant",
    "auditor": "Audit Three; Audit Four; Law One",
    "law_firm": "Law One; Law Two; Audit Four",
    "manager": "Fund A; Dune; West; 甲基金",
    "university": _UNIVERSITIES,
    "institution": _UNIVERSITIES,
    "name": _UNIVERSITIES,
    "natural_earth__countries.name": "China; United States; France; Utopia; Elsewhere",
    "natural_earth__provinces.name": "Guangdong; Anhui; California; Elsewhere",
    "natural_earth__provinces.name_zh": "广东省; 安徽省; 北京市; 它处",
    "school": "Tsinghua University; tsinghua university; Peking University; Stanford University; MIT; Unknown College",
    "schools": (
        "Tsinghua University:2001:2005; MIT::2007|Peking University:1999:; MIT::2007|MIT::2007; Unknown College::; "
        "Fudan University:2002:2006|MIT:2006:"
    ),
    "founder": "Ada; Bo; Cai; Di; f00001; f00002; f00003; f00004; f00005; f00006; f00007; f00008; f00009",
    "slug": "alpha; beta; gamma; delta; zeta; eta",
    "earlier_ventures": "none; None; Alpha; Beta|Gamma; Omega| Delta; Beta",
    "last_employer": "none; Alpha; Beta; Zeta; Elsewhere",
    "employer": "Alpha; alpha; Giant; Giant; Y Combinator; Beta; Employer {few}",
    "studied_abroad": "none; none; US; GB|US",
    "worked_abroad": "none; none; US; SG",
    # Places.
    "place": _PLACES,
    "city": _PLACES,
    "home_city": _PLACES,
    "city_founded": _PLACES,
    "area": _PLACES,
    "province": _REGIONS,
    "region": _REGIONS,
    "moe__institutions.region": "北京市; 安徽省; 广东省",
    "census__prefectures.region": "北京市; 安徽省; 安徽省",
    "census_county__prefectures.region": "北京市; 安徽省; 安徽省",
    "census_county__employment.region": "北京市; 安徽省; 安徽省",
    "census__prefectures.place": "北京; 合肥市; 巢湖市; 深圳市; 双城; 乌有; 乌有",
    "census_county__prefectures.place": "北京; 合肥市; 巢湖市; 巢湖市; 深圳市; 双城; 乌有; 乌有",
    "census_county__employment.place": "北京; 合肥市; 巢湖市; 巢湖市; 深圳市; 双城; 乌有; 乌有",
    "hurun_rich_list__head_offices.region": "广东; 安徽; 北京; 美国; Utopia",
    "itjuzi__investor_firms.province": "广东; 安徽; 北京; 欧洲; 亚洲; 北美洲; 大洋洲; 非洲; 南美洲",
    "metro": "SF Bay; SF Bay Area; New York; SF Bay; SF Bay Area",
    "country": _COUNTRIES,
    "csrankings__country_info.country": "cn; gb",
    "openalex__works.country": "CN; CN; US",
    "openalex__works.year": "2018; 2019; 2020",
    "gawc__connectivity.country": "China; United Kingdom; Utopia; Nowhere",
    "exit_value_usd_m": "10; 49; 50; 50; 51; 900",
    "csrankings__country_info.institution": "Tsinghua University; Peking University; Fudan University; Oxford; MIT",
    "register__investor_offices.investor": "Fund A; Fund B; Dune; Hill",
    "register__investor_offices.city": "Beijing; 北京; 北京市; Shenzhen; 深圳; Shanghai; Hefei",
    "natural_earth__provinces.country": "CHN; CHN; USA; ZZZ",
    "head_office": "{row}",
    "investor_graph_2008_2019__edges.date": "2012-06-15; 2012-08-14; 2012-08-15",
    **dict.fromkeys(
        ("census__prefectures.place_code", "census_county__prefectures.place_code", "census_county__employment.place_code"),
        "34{row:04}",
    ),
    "place_code": "110000; 110100; 330100; 340100; 341400; 331000; 440300; 440300",
    "latitude": "39.90004; 39.90005; 31.2; 37.77; 0",
    "longitude": "116.40004; 116.40005; 121.4; -122.4; 0",
    "location_code": "CA; F4; X0",
    **dict.fromkeys(
        (f"register__{table}.city" for table in ("companies", "universities", "service_firms", "zones", "city_population")),
        "Beijing; Beijing; 北京; Shanghai; Hefei; Shenzhen; 深圳; San Francisco; London; Utopia",
    ),
    "register__companies.city_founded": "Beijing; Shanghai; Shenzhen; London; Utopia",
    "register__companies.company": "Alpha; Beta; Gamma; Delta; Zeta; Giant; 甲; C{row}; D{row}; E{row}; F{row}; G{row}",
    **dict.fromkeys(
        ("marts.indicator_values.city", "index.scores.city", "index.distance.city"),
        "Beijing; Shanghai; Hefei; Shenzhen; San Francisco Bay Area; London",
    ),
    # Dates.
    "year": _YEARS,
    **dict.fromkeys(("marts.indicator_values.year", "index.scores.year", "index.distance.year"), "2012; 2012; 2010"),
    "founded": f"{_YEARS}; {_DATES}",
    "opened": _YEARS,
    "closed": f"{_YEARS}; {_DATES}",
    "established": f"{_YEARS}; {_DATES}",
    "edition": _YEARS,
    "edition_or_year": "2010; 2012-03; 2015; 2015 Q1; 2018-2",
    "on": _DATES,
    "at": _DATES,
    "date": _DATES,
    "month": _DATES,
    "end": _DATES,
    # Amounts and kinds.
    "usd": _AMOUNTS,
    "raised": _AMOUNTS,
    "price": _AMOUNTS,
    "amount": "1000万人民币; 数百万美元; 未透露; 1 million; 5",
    "content": "Companies; Rounds",
    "amount_low": "1000000; 2000000; 5000000; 5250000; 5260000",
    "amount_high": "1000000; 2000000; 5000000; 5250000; 9000000",
    "amount_m": "1; 5; 5.3; 50",
    "amount_max_m": "6; 60; 5.3",
    "currency": "USD; USD; CNY; CNY; EUR",
    "value": "12; 3.5; 300; about 7; 20",
    "metric": "unicorns; deals_received; deals_originated; rents",
    "source": "Gazette; Gazette 2015; Herald",
    "figures": "unicorns; deals_received|rents",
    "connectivity": "100; 200; 1500; 3000",
    "share": "0.25; 0.5; 1",
    "n": "1; 2; 5",
    "people": "1; 2; 3; 20",
    "works": "10; 200; 3000",
    "top10_works": "1; 20; 300",
    "faculty": "1; 5.5; 30",
    "round": (
        "seed; angel; A; A; A+; B; C; 天使轮; A轮; A轮; A+轮; B轮; 战略投资; IPO轮; "
        "上市定增; 定向增发; 新三板; 新三板定增; IPO上市; IPO上市后; 并购; Series A; Series B; unheard of"
    ),
    "round_type": (
        "seed; angel; venture; series-a; private-equity; Seed; Series A; Series B; private equity; debt; private_equity"
    ),
    "series": "Series A; Series B; A",
    "round_code": "A; B",
    "industry": "internet; gaming; hardware; Artificial intelligence; Fintech; Other",
    "sector": "internet; gaming; hardware; Information Technology; Financials",
    "exit_how": "acquisition; merger; closure; closure",
    "exchange": "SHH; SHZ; HKG; NMS; NYQ; NCM; SSE; SZSE",
    "listing_exchange": "NYSE; HKEX",
    "status": "active; active; active; inactive; operating; acquired; 运营中; 已关闭",
    "types": "education; education; education|company; company",
    "batch": "Winter 2010; Summer 2012; Fall 2020; S10; W12; S12; Unspecified",
    "practice": "listing; listing; tax",
    "form": "D; D; D; D/A; F-1; S-1; deals",
    "kind": "law; audit; search; bank; vc; corporate; university; university; high school; industry; occupation; market_cap",
    "class_name": "a; b; c",
    "indicator": "unicorns; exits; services; deals_received; deals_originated; founders; research",
    "main_market": "CN; US",
    "zone": "Zone {row}",
    "per": "population",
    "part_of": "deals_received",
    "index.goalposts.indicator": "unicorns; exits; services; deals_received; founders",
    "entry_year": "2001; 2001; 2002",
    "quantity": "unicorns; exits; services; deals_received; deals_originated; founders; research",
    "list": "register; register; register: law offices; register: investment banks; other",
    "pillar": "P1; P2; P3",
    "measure": "Readiness; Realised; P1",
    "claim": "1; 2; 3; 4; 5; 6; 7; 8; 9",
    "period": "baseline; current",
    "verdict": "supported; contradicted; not separable; no data; not testable here",
    "dataset": "register; itjuzi; all",
    "goalpost": "benchmark; leader",
    "weight": "0.25; 0.5; 1; 2",
    "scope": "CN; world",
    "preset": "metro; gba",
    "rank_low": "1; 1; 2; 3",
    # Keys.
    "company_key": (
        "/company/alpha; /company/beta; /company/gamma; /organization/alpha; /organization/beta-labs; /organization/delta; "
        "/organization/zeta; /organization/eta"
    ),
    "acquirer_key": "/company/giant; /company/alpha; /organization/giant; /organization/alpha",
    "investor_key": "/organization/fund-a; /organization/fund-b; /organization/angel-c; /organization/dune",
    "registration": "P{row}",
    "eastmoney_org_code": "10; 11; 12; 13; 14; 15; 16",
    "code": "AAA; BBB; CHN; USA; FRA; CHN+01; CHN+02; USA+01; FRA+01; {row:010}",
    "geometry": '{{"a": 1}}; {{"b": 2}}',
    "cik": "1; 2; 3; 4; 5; 6; 7; 8",
    "hurun_id": "{row}",
    "url": "https://example.org/1; https://example.org/2; https://www.crunchbase.com/funding_round/{row}",
    "firm_url": "https://www.itjuzi.com/investfirm/{row}",
    "link": "https://www.itjuzi.com/investevents/{row}",
    "itjuzi__event_investors.link": "https://www.itjuzi.com/investevents/{few}; https://www.itjuzi.com/investevents/99",
    "round_key": "/funding-round/{row}",
    "crunchbase_2013__companies.company_key": "/company/alpha; /company/beta; /company/gamma; /company/c{row}",
    "crunchbase_2015__companies.company_key": "/organization/alpha; /organization/delta; /organization/c{row}",
    "crunchbase_2015__acquisitions.company_key": "/organization/alpha; /organization/beta-labs; /organization/eta",
    "crunchbase_2015__investments.round_key": "/funding-round/{few}",
    "accession": "{row:010}-10-{row:06}",
    "ror_id": "https://ror.org/0abcd{row:02}{row:02}",
    "openalex_id": "https://openalex.org/I{few}",
    "wikidata_id": "Q{row}",
    "yc_id": "{row}",
    "number": "{row}",
    "filing_id": "{row}",
    "symbol": "{few:06}.SZ; {row:06}.SZ",
    "ticker": "{few:06}.SZ; 10{row:04}.SZ",
}

#: Rows written by hand, because they fit together: table → CSV. Columns that are left out are drawn like all others.
ROWS = {
    "reference__indicators": """indicator,pillar,measure,quantity,weight
unicorns,P1,Realised,unicorns,1
exits,P1,Realised,exits,2
services,P2,Readiness,services,1
deals_received,P2,Readiness,deals_received,0.5
deals_originated,P2,Readiness,deals_originated,1
founders,P3,Readiness,founders,1
founder_density,P3,Readiness,founders,1
""",
    "index.headline": "year\n2012\n",
    "index.pillars": """pillar,measure,weight
P1,Realised,0.25
P2,Readiness,0.5
P2,Realised,0.5
P3,Readiness,0.75
""",
    "index.lists": """quantity,list,dataset,elasticity,attention_noise
unicorns,register,register,1,0.5
unicorns,published: Herald 2010,register,1,0.5
exits,register,register,0.5,0.25
services,register: law offices,register,1,0.5
services,register: audit offices,register,1.5,1
services,register: investment banks,register,1,0.5
services,gawc,gawc,1,0.5
deals_received,register,register,1,0.5
deals_originated,register,register,2,0.5
founders,register,register,1,2
""",
    "reference__countries": """country,iso3,name,also
CN,CHN,China,中国|PRC
US,USA,United States,美国|U.S.
GB,GBR,United Kingdom,UK
HK,HKG,Hong Kong,香港
TW,TWN,Taiwan,台湾
FR,FRA,France,
IN,IND,India,
DE,DEU,Germany,
JP,JPN,Japan,
SG,SGP,Singapore,
KR,KOR,South Korea,
BR,BRA,Brazil,BRAZIL|Brasil
CA,CAN,Canada,
""",
    "reference__provinces": """country,code,province,gazetteer_code,name_zh,short_zh
CN,110000,Beijing,22,北京市,北京
CN,310000,Shanghai,23,上海市,上海
CN,340000,Anhui,01,安徽省,安徽
CN,440000,Guangdong,30,广东省,广东
CN,220000,Jilin,05,吉林省,吉林
CN,330000,Zhejiang,02,浙江省,浙江
CN,320000,Jiangsu,04,江苏省,江苏
US,CA,California,CA,,
US,NY,New York,NY,,
""",
    "reference__prefectures": """code,name_zh,city,province
110100,北京市,Beijing,Beijing
310100,上海市,Shanghai,Shanghai
340100,合肥市,Hefei,Anhui
440300,深圳市,Shenzhen,Guangdong
220200,吉林市,Jilin,Jilin
331000,台州市,Taizhou (Zhejiang),Zhejiang
321200,泰州市,Taizhou (Jiangsu),Jiangsu
469007,东方市,Dongfang,Hainan
513200,阿坝州,Aba,Sichuan
""",
    "reference__districts": """name_zh,district,city
海淀区,Haidian,Beijing
义乌市,Yiwu,Jinhua
""",
    "reference__periods": """period,first_year,last_year,n_years
baseline,2009,2012,
current,,,4
""",
    "reference__rounds": """written,round
seed,seed
pre-seed,seed
angel,angel
天使轮,angel
a,A
a轮,A
series a,A
series-a,A
a+,A+
a+轮,A+
b,B
b轮,B
series b,B
c,C
venture,unknown
private equity,growth
战略投资,strategic
""",
    "reference__exchange_rates": "currency,year,per_usd\n" + "".join(
        f"{currency},{year},{rate}\n" for currency, rate in (("CNY", 6.5), ("EUR", 0.8)) for year in range(2008, 2021)
    ),
    "reference__scattered_research": """dataset,university
openalex,Harvard
""",
    "reference__elite_places": """university,place,share
清华大学,北京,1
国防大学,合肥市,0.75
国防大学,Nowhere,0.25
合肥大学,北京,0.5
合肥大学,北京市,0.25
""",
}  # fmt: skip

#: City → its province, country, and how sources write it.
CITIES = {
    "Beijing": ("Beijing", "CN", "Beijing|北京|北京市|39"),
    "Shanghai": ("Shanghai", "CN", "Shanghai|上海|上海市|31"),
    "Hefei": ("Anhui", "CN", "Hefei|合肥市|巢湖市"),
    "Shenzhen": ("Guangdong", "CN", "Shenzhen|深圳|深圳市"),
    "Taizhou (Zhejiang)": ("Zhejiang", "CN", "Taizhou|台州市"),
    "Jinhua": ("Zhejiang", "CN", "义乌市"),
    "San Francisco Bay Area": ("California", "US", "San Francisco|Palo Alto|37"),
    "New York": ("New York", "US", "New York"),
    "Shuangcheng": ("", "CN", "双城"),
    "Kansas City": ("", "US", "Kansas City"),
    "London": ("England", "GB", "London"),
    "Hong Kong": ("", "HK", "香港"),
}

#: Province → its country, and how sources write it. Kansas City lies in one of two.
PROVINCES = {
    "Beijing": ("CN", "北京|北京市|Beijing"),
    "Anhui": ("CN", "Anhui|安徽|安徽省"),
    "Guangdong": ("CN", "Guangdong|广东|广东省"),
    "California": ("US", "CA|California|SF Bay"),
    "New York": ("US", "NY"),
    "Missouri": ("US", "MO"),
    "Kansas": ("US", "KS"),
}
