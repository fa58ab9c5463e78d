"""Rows of the made-up world written by hand, because what they show is too rare to be drawn, or needs rows that fit together."""

#: Rows that are added to those drawn: table → CSV. Columns that are left out are drawn like all others.
ADDED = {
    # Companies that only rounds name, of which the list of acquisitions knows the place.
    "crunchbase_2015__rounds": """\
round_key,company_key,company,country,region,metro,place,funded_at,funded_year,round_type,round_code,raised_usd
/funding-round/k1,/organization/kappa,Kappa,,,,,2012-03-01,2012,venture,A,1000000
/funding-round/k2,/organization/lambda,Lambda,,,,,2012-06-01,2012,venture,A,1000000
/funding-round/k3,/organization/chi,Chi,USA,CA,,San Francisco,2012-03-01,2012,venture,A,5000000
/funding-round/k4,/organization/psi,Psi,USA,CA,,Nowhere,2012-06-01,2012,venture,A,1000000
/funding-round/k5,/organization/chi,Chi,USA,CA,,San Francisco,2012-09-01,2012,venture,B,5000000
/funding-round/k6,/organization/chi,Chi,USA,CA,,San Francisco,2013-03-01,2013,venture,A,1000000
/funding-round/k7,/organization/chi,Chi,USA,CA,,San Francisco,2012-03-01,2012,venture,A,1000000
/funding-round/k8,/organization/chi,Chi,USA,CA,,San Francisco,2012-03-01,2012,venture,A,1000000
/funding-round/k9,/organization/chi,Chi,USA,CA,,San Francisco,2012-03-01,2012,venture,A,1000000
/funding-round/k10,/organization/chi,Chi,USA,CA,,San Francisco,2012-03-01,2012,venture,A,1000000
/funding-round/k11,/organization/chi,Chi,USA,CA,,San Francisco,2012-03-01,2012,venture,A,1000000
/funding-round/k12,/organization/chi,Chi,USA,CA,,San Francisco,2012-03-01,2012,venture,A,1000000
/funding-round/k13,/organization/chi,Chi,USA,CA,,San Francisco,2012-03-01,2012,venture,A,1000000
/funding-round/k14,/organization/chi,Chi,USA,CA,,San Francisco,2016-03-01,2016,venture,A,1000000
""",
    # Two investors in one city that lies in two states, which has ten deals, and investors without a place.
    "crunchbase_2015__investments": """\
round_key,investor_key,investor,investor_country,investor_region,investor_place,funded_at,funded_year
/funding-round/k3,/organization/rook,Rook,USA,MO,Kansas City,2012-03-01,2012
/funding-round/k3,/organization/tern,Tern,,,,2012-03-01,2012
/funding-round/k4,/organization/rook,Rook,USA,MO,Kansas City,2012-06-01,2012
/funding-round/k4,/organization/tern,Tern,,,,2012-06-01,2012
/funding-round/k5,/organization/sable,Sable,USA,KS,Kansas City,2012-09-01,2012
/funding-round/k1,/organization/rook,Rook,USA,MO,Kansas City,2012-03-01,2012
/funding-round/k1,/organization/sable,Sable,USA,KS,Kansas City,2012-03-01,2012
/funding-round/k6,/organization/rook,Rook,USA,MO,Kansas City,2013-03-01,2013
/funding-round/k6,/organization/tern,Tern,,,,2013-03-01,2013
/funding-round/k7,/organization/rook,Rook,USA,MO,Kansas City,2012-03-01,2012
/funding-round/k8,/organization/rook,Rook,USA,MO,Kansas City,2012-03-01,2012
/funding-round/k9,/organization/rook,Rook,USA,MO,Kansas City,2012-03-01,2012
/funding-round/k10,/organization/rook,Rook,USA,MO,Kansas City,2012-03-01,2012
/funding-round/k11,/organization/quill,Quill,USA,NY,New York,2012-03-01,2012
/funding-round/k12,/organization/quill,Quill,USA,NY,New York,2012-03-01,2012
/funding-round/k13,/organization/quill,Quill,USA,NY,New York,2012-03-01,2012
/funding-round/k14,/organization/quill,Quill,USA,NY,New York,2016-03-01,2016
""",
    # Sales to several buyers, one without a name, and one of a company on no list.
    "crunchbase_2015__acquisitions": """company_key,company,country,region,metro,place,acquirer,acquired_year,price
/organization/kappa,Kappa,USA,CA,,Palo Alto,Giant,2012,
/organization/kappa,Kappa,USA,CA,,Palo Alto,Alpha,2012,
/organization/kappa,Kappa,USA,CA,,Palo Alto,Beta,2012,
/organization/kappa,Kappa,USA,CA,,Palo Alto,Gamma,2012,
/organization/lambda,Lambda,USA,CA,SF Bay Area,,Giant,2012,
/organization/nobody,Nobody Else,USA,CA,,Palo Alto,Giant,2012,
/organization/unnamed,,USA,CA,,Palo Alto,Giant,2012,
""",
    # A company whose name says which city is meant, and one whose city needs no such help.
    "financedatabase__equities": """symbol,company,country,region,place,is_address_doubtful,exchange,is_delisted
900001.SZ,Zhejiang Omicron,China,,Taizhou,,SHZ,
900002.SZ,Anhui Pi,China,,Hefei,,SHZ,
""",
    # Two rows of one file that say the same, and registered names that state several places or none.
    "investor_graph_2008_2019__edges": """date,round,company,investor
2012-06-15,A轮,北京市丙公司,Fund A
2012-06-15,A轮,浙江甲（义乌市）公司,Fund A
2012-06-15,A轮,安徽丁（合肥市）公司,Fund A
2012-06-15,A轮,寅（上海）（北京）公司,Fund A
2012-06-15,A轮,北京市丙公司,Fund A
2012-06-15,A轮,阿坝甲公司,Fund A
2012-06-15,A轮,东方庚公司,Fund A
2012-06-15,A轮,吉林己公司,Fund A
""",
    # Investors of one round, of which the first and the last stand in one file.
    "crunchbase_investments__investments": """\
company,country,place,investor,investor_country,investor_place,funded_month,funded_year,raised_usd
Sigma,USA,New York,Fund A,USA,New York,2012-06,2012,5000000
Sigma,USA,New York,Fund B,USA,New York,2012-06,2012,5000000
Sigma,USA,New York,Dune,USA,New York,2012-06,2012,5000000
Sigma,USA,New York,Hill,USA,New York,2012-06,2012,5000000
Sigma,USA,New York,Iron,USA,New York,2012-06,2012,5000000
""",
    "register__companies": """company,country,city,city_founded,exit_how,exit_year,exit_value_usd_m
Mu,CN,Beijing,Beijing,acquisition,,60
Phi,CN,Anhui,,,,
York,US,New York,New York,,,
""",
    "register__deals": """company,date,round,amount_m,amount_max_m,currency,investors,lead
Mu,2012-08,A,,,,Solo|Solo,
Mu,2015-03,B,5,5,USD,Moss|Nash|Odin,
Mu,2016-03,C,5,5,USD,Moss,Moss
Mu,2017-03,D,5,5,USD,Nash|Pax,Nash
Mu,2018-03,E,5,5,USD,Ulan|Vale,Ulan
Phi,2018-03,A,5,5,USD,Ulan,Ulan
""",
    # Investors whose offices have years, have none, or only the year in which they closed.
    "register__investors": """investor,country,home_city,founded
Moss,CN,Beijing,
Nash,CN,Hefei,
Odin,CN,Shenzhen,2001
Pax,CN,Beijing,
Ulan,CN,Hefei,2001
Vale,CN,Anhui,2001
""",
    "register__investor_offices": """investor,country,city,opened,closed
Moss,CN,Beijing,,
Moss,CN,Shenzhen,,
Moss,CN,Utopia,,
Nash,CN,Hefei,,
Nash,CN,Shanghai,2000,
Pax,CN,Beijing,,2015
Pax,CN,Shanghai,,
Vale,US,Kansas City,2001,
""",
    # Two reports 60 days apart; an amount without an upper end; a round that may repeat either of two; two ranges, twice.
    "itjuzi__events": """link,date,company,field,place,round,amount,currency,amount_low,amount_high,amount_kind,investors
https://www.itjuzi.com/investevents/900,2012-06-02,Mu,物流,北京,A轮,未透露人民币,,,,undisclosed,Fund A
https://www.itjuzi.com/investevents/901,2012-06-02,Nu,物流,北京,A轮,亿元及以上人民币,USD,5000000,,range,Fund A
https://www.itjuzi.com/investevents/902,2012-06-15,Nu,物流,北京,A轮,500万美元,USD,5000000,5000000,exact,Fund A
https://www.itjuzi.com/investevents/903,2012-06-01,Xi,物流,北京,A轮,未透露人民币,,,,undisclosed,Fund A
https://www.itjuzi.com/investevents/904,2012-06-02,Xi,,北京,不明确,未透露人民币,,,,undisclosed,Fund B
https://www.itjuzi.com/investevents/905,2012-06-02,Rhea,物流,北京,A轮,数百万美元,USD,4000000,8000000,range,Fund A
https://www.itjuzi.com/investevents/906,2012-06-15,Rhea,物流,北京,A轮,数百万美元,USD,5000000,5500000,range,Fund A
https://www.itjuzi.com/investevents/907,2012-12-01,Xi,物流,北京,B轮,未透露人民币,,,,undisclosed,Fund B
https://www.itjuzi.com/investevents/908,2012-06-02,Zeno,物流,上海,A轮,亿元及以上人民币,USD,5000000,,range,Fund A
https://www.itjuzi.com/investevents/909,2012-06-15,Zeno,物流,上海,A轮,数百万美元,USD,0,8000000,range,Fund A
""",
    "itjuzi_ai_2018__rounds": """company,date,round,amount,currency,amount_low,amount_high,amount_kind
Xi,2012-06-15,A轮,未透露,,,,undisclosed
Orphan,2012-06-15,A轮,未透露,,,,undisclosed
""",
    "itjuzi_ai_2018__companies": """company,region,place
Xi,北京,北京
""",
    # Few people in a city of no known province, more in another, most in the country; and two rows of one file for one place.
    "itjuzi__investor_firms": """firm,province,place,people
Vega,吉林,双城,2
Vega,广东,深圳,3
Vega,吉林,,5
Mist,广东,深圳,1
Wega,广东,深圳,1
Mist,广东,深圳,1
Mist,广东,深圳,1
Mist,广东,深圳,1
Wega,广东,深圳,1
""",
    "itjuzi_dead_2017_2020__companies": "company\nNobody\n",
    "census_county__prefectures": """year,place_code,region,place,population,bachelor_men,from_other_provinces
2010,349001,安徽省,巢湖市,1000,10,10
2010,349002,安徽省,Nowhere,1000,10,10
2020,349003,上海市,上海,1000,,
""",
    # A place that is in no list, and one without a province.
    "amac__managers": """registration,office_region,office_place
P901,Utopia,Utopia
P902,,北京
""",
    "cb_insights__unicorns_2021": """company,country,place,unicorn_on
Elsewhere,Utopia,Beijing,2020-05-31
""",
    "gawc__connectivity": """city,country,connectivity
San Francisco,United States,4000
Palo Alto,United States,100
""",
    "natural_earth__provinces": """code,country,name
ZZZ+01,ZZZ,Elsewhere
""",
    "nbs__gdp": "place,year\n乌有,2012\n",
    "register__published_statistics": """edition_or_year,metric,value,source
2012-03-15,unicorns,12,Gazette
""",
    "register__service_firms": """firm,kind,practice,country,city,is_headquarters
Abbot,law,listing,CN,Beijing,0
Abbot,law,listing,CN,北京,1
""",
    # In a province by the first list and in a city by the second; in no place by the first; in two cities by one list.
    "register__universities": """university,country,city,founded,is_985,is_211
Umbra University,CN,Anhui,1950,0,1
Vesper University,ZZ,Nowhere,1950,0,0
Wide University,CN,Beijing,1950,1,0
Wider University,CN,Beijing,1950,0,1
""",
    "ror__organisations": """ror_id,name,types,status,country,region,place
https://ror.org/0abcde001,Umbra University,education,active,CN,Anhui,Hefei
https://ror.org/0abcde002,Vesper University,education,active,CN,Anhui,安徽
https://ror.org/0abcde003,Wren University,education,active,CN,,Hefei
https://ror.org/0abcde004,Wren University,education,active,CN,,Beijing
https://ror.org/0abcde005,Xeno University,education,active,ZZ,,Beijing
""",
    "csrankings__faculty": """institution
Umbra University
Vesper University
Wren University
""",
    # Two sources of which one cannot tell; and two lists of one source that agree, beside others that have no data.
    "reference__claims": """claim,figures
91,
92,unicorns
""",
    "claims.verdicts": """claim,period,verdict
91,current,supported
92,current,supported
""",
    "claims.evidence": """claim,period,dataset,measure,is_rule,is_headline,verdict,low,high,n
91,current,register,first,1,1,supported,1,2,7
91,current,itjuzi,first,1,,not separable,0.126,0.128,7
92,current,register,first,1,1,supported,1,2,7
92,current,register,second,1,,supported,1,2,7
92,current,gawc,first,1,,no data,,,0
92,current,gawc,second,1,,no data,,,3
""",
    "crunchbase_2013__companies": """company_key,company,country,region,place,metro
/company/theta,Theta,USA,,,
""",
    "crunchbase_2015__companies": """company_key,company,country,region,place,metro
/organization/theta,Theta,,,Nowhere,
""",
    # Companies in a country whose place is in no list.
    "ycombinator__companies": """yc_id,company,batch,country,region,place
901,Yarrow,Winter 2010,US,,Utopia
""",
    "yc_founders_schools__companies": """yc_id,company,slug,batch_year,country,region,place
901,Yarrow,yarrow,2010,US,,Utopia
""",
    "yc_founders_schools__founders": """founder,slug
f90001,yarrow
""",
}
