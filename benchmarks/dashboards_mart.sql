-- What a large service centre's tables are made of: one query a table, over the contacts and turns of one day.
--
-- A query begins at a line `--- KIND NAME`. Kinds: macros; made, said (the day's contacts and turns); day (a table's rows
-- of one day); once (a table without days, $lake is the lake's folder). The caller sets the variables day, first_day,
-- last_day and those of `benchmarks.dashboards_mart.Size`; the table `indicator` holds the names of the indicators.

--- macros all
CREATE MACRO chance(number, what) AS (hash(number, getvariable('day'), what) % 1000003) / 1000003.0;
CREATE MACRO pick(names, number, what) AS names[1 + floor(chance(number, what) * len(names))::INT];
CREATE MACRO topic_name(n) AS 't' || lpad(n::VARCHAR, 3, '0');
CREATE MACRO topic_mood(n) AS (hash(n, 'mood') % 1000) / 1000.0 - 0.62;
CREATE MACRO topic_point(n) AS (['物流查询', '退款进度', '退货换货', '功能故障', '发票开具', '优惠价格', '连接配网', '表扬建议',
    '过敏不适', '安装调试', '价格保护', '商品咨询'])[1 + n % 12];
CREATE MACRO word_of(n) AS (['快递', '退款', '换货', '充电', '发票', '优惠券', '蓝牙', '客服', '过敏', '安装', '保价', '尺码', '屏幕',
    '电池', '会员', '积分', '物流', '签收', '破损', '漏发'])[1 + n % 20];
CREATE MACRO surge(topic, hour_at) AS
    topic = 7 AND dayofyear(getvariable('day')) % 23 = 0 AND hour_at BETWEEN 11 AND 14;

--- made all
WITH seeded AS (
    SELECT range AS i, ([8,9,9,10,10,10,11,11,11,12,12,13,14,14,15,15,16,16,17,18,19,20,20,20,21,21,22,22,23,0,1,6,7])[
        1 + floor(chance(range, 'hour') * 33)::INT] AS hour_at,
        pick(['phone','phone','phone','app','app','app','app','web','web','wechat','wechat','wechat','weibo'], range, 'c')
            AS channel,
        floor(getvariable('n_topics') * power(chance(range, 'topic'), 2.2))::INT AS topic,
        floor(getvariable('n_products') * power(chance(range, 'product'), 1.8))::INT AS product_at,
        sqrt(-2 * ln(chance(range, 'g1') + 1e-9)) * cos(2 * pi() * chance(range, 'g2')) AS noise
    FROM range((getvariable('n_contacts') * (0.9 + 0.2 * (hash(getvariable('day'), 'n') % 100) / 100.0))::BIGINT)
), dipped AS (
    SELECT *, channel = 'wechat' AND hour_at = 12 AND dayofyear(getvariable('day')) % 9 = 0 AS slow FROM seeded
), felt AS (
    SELECT *, greatest(-1, least(1, topic_mood(topic) + 0.4 * noise - CASE WHEN slow THEN 0.4 ELSE 0 END)) AS score
    FROM dipped
)
SELECT
    i, hour_at, topic, channel, slow, score,
    CASE WHEN chance(i, 'none') < 0.12 THEN NULL ELSE topic_name(topic) END AS topic_id,
    CASE channel WHEN 'phone' THEN 'calls' WHEN 'weibo' THEN 'orders' ELSE 'chats' END AS source,
    (CASE channel WHEN 'phone' THEN 'calls' WHEN 'weibo' THEN 'orders' ELSE 'chats' END) || '-C'
        || strftime(getvariable('day'), '%y%m%d') || lpad(i::VARCHAR, 6, '0') AS contact_id,
    CASE channel WHEN 'phone' THEN 'call' WHEN 'weibo' THEN 'work_order' ELSE 'chat' END AS kind,
    CASE WHEN chance(i, 'p?') < 0.1 THEN NULL ELSE '商品' || lpad(product_at::VARCHAR, 2, '0') END AS product,
    channel || '组' || lpad((hash(i, 'team') % greatest(1, getvariable('n_teams') // 5))::VARCHAR, 2, '0') AS team,
    'A' || (hash(i, 'agent') % 400)::VARCHAR AS agent_id,
    timezone('Asia/Shanghai', getvariable('day')::TIMESTAMP + to_hours(hour_at::INT)
        + to_seconds(floor(chance(i, 'second') * 3600))) AS started_at,
    3 + (hash(i, getvariable('day'), 't') % 11)::BIGINT AS n_turns,
    CASE WHEN channel = 'weibo' THEN NULL ELSE round(-ln(chance(i, 'wait') + 1e-6) * (CASE WHEN slow THEN 300 ELSE 45 END), 1)
        END AS wait,
    CASE WHEN score < -0.3 THEN 'negative' WHEN score > 0.3 THEN 'positive' ELSE 'neutral' END AS label
FROM felt

--- said all
SELECT m.contact_id, m.topic, m.score, t.turn, m.started_at + to_seconds(t.turn * 20) AS said_at,
    CASE WHEN t.turn = 0 AND m.channel <> 'phone' THEN 'bot' WHEN t.turn % 2 = 1 THEN 'customer' ELSE 'agent' END AS speaker,
    m.i
FROM made AS m, LATERAL (SELECT unnest(range(m.n_turns)) AS turn) AS t
ORDER BY m.contact_id, t.turn

--- day contact
SELECT contact_id, source, kind, channel, agent_id, team, product, started_at, started_at + to_seconds(n_turns * 25)
    AS ended_at, n_turns, n_turns // 2 AS n_customer_turns, wait AS first_response_seconds, wait * 1.2 AS
    mean_response_seconds, source || '/' || getvariable('day')::VARCHAR || '.jsonl' AS file, i + 1 AS position, CASE
    WHEN chance(i, 'r?') < 0.2 THEN 1 + floor(5 * chance(i, 'r')) END AS rating FROM made ORDER BY contact_id

--- day contact_mood
SELECT contact_id, score AS sentiment_score, label AS sentiment_label, score - 0.1 AS sentiment_first, score + 0.1 AS
    sentiment_last, score - 0.2 AS sentiment_lowest, 0.2 AS sentiment_change, CASE WHEN i % 9 = 0 THEN 'recovered'
    WHEN i % 13 = 0 THEN 'soured' ELSE 'steady' END AS mood_course FROM made ORDER BY contact_id

--- day contact_topic
SELECT contact_id, topic_id, 0.5 + chance(i, 's') / 2 AS topic_similarity, CASE WHEN topic_id IS NOT NULL THEN
    topic_point(topic) END AS touchpoint FROM made ORDER BY contact_id

--- day contact_person
SELECT contact_id, md5((hash(i, getvariable('day')) % (getvariable('n_contacts') * 90))::VARCHAR)[:16] AS person_id,
    0.96 AS person_confidence, 'customer' AS person_reason FROM made ORDER BY contact_id

--- day contact_flag
SELECT contact_id, 'spam' AS flag, '' AS flag_reason FROM made WHERE i % 101 = 0 ORDER BY contact_id

--- day utterance
SELECT contact_id, turn, speaker, said_at, 
CASE speaker
    WHEN 'bot' THEN '您好，请简单描述一下遇到的问题，我来帮您转接'
    WHEN 'agent' THEN '您好，这边帮您看一下' || word_of(topic) || '的记录，请稍等' || (hash(i, turn) % 97)::VARCHAR || '秒'
    ELSE pick(['我的', '请问', '怎么', '昨天的', '还是', '一直'], i * 100 + turn, 'a') || word_of(topic)
        || pick(['没有更新', '什么时候好', '用不了', '弄错了', '很满意', '可以改吗', '太慢了'], i * 100 + turn, 'b')
        || pick(['，', '。', '，麻烦', '，' || word_of(topic + turn)], i * 100 + turn, 'c')
        || pick(['订单号尾数', '型号', '第', ''], i * 100 + turn, 'd') || (hash(i, turn, 'n') % 10007)::VARCHAR
END
 AS text, text AS text_simplified, 'made.jsonl' AS file, i + 1 AS position FROM said ORDER BY contact_id, turn

--- day turn_mood
SELECT contact_id, turn, greatest(-1, least(1, score + (hash(i, turn) % 100) / 200.0 - 0.25)) AS sentiment_score, CASE
    WHEN sentiment_score < -0.3 THEN 'negative' WHEN sentiment_score > 0.3 THEN 'positive' ELSE 'neutral' END AS
    sentiment_label FROM said WHERE speaker = 'customer' ORDER BY contact_id, turn

--- day turn_template
SELECT contact_id, turn, true AS is_template FROM said WHERE speaker = 'bot' ORDER BY 1, 2

--- day category_hit
SELECT contact_id, 'rule' || (i % 12)::VARCHAR AS category, 1 AS turn, 0 AS start, 3 AS stop, 0.9 AS confidence FROM
    made WHERE chance(i, 'hit') < 0.06 ORDER BY ALL

--- day topic_segment
SELECT contact_id, s.segment, topic_name((topic + s.segment * 5) % getvariable('n_topics')) AS topic_id, 0.7 AS
    topic_similarity, 1 + 2 * s.segment AS first_turn, 1 + 2 * s.segment AS last_turn FROM made, (VALUES (0), (1)) AS
    s(segment) WHERE topic_id IS NOT NULL AND i % 11 = 0 ORDER BY contact_id, segment

--- day topic_day
SELECT coalesce(topic_id, '') AS topic_id, channel, coalesce(product, '') AS product, count(*) AS n_contacts, count(*)
    FILTER (label = 'negative') AS n_negative, count(*) FILTER (label = 'neutral') AS n_neutral, count(*) FILTER
    (label = 'positive') AS n_positive, sum(count(*)) OVER (PARTITION BY channel, coalesce(product, '')) AS n_total,
    n_contacts / n_total AS share, 0.0 AS share_low, 1.0 AS share_high, avg(score) AS sentiment_mean FROM made WHERE i
    % 101 <> 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3

--- day sentiment_hour
SELECT date_trunc('hour', started_at) AS hour, channel, team, coalesce(product, '') AS product, coalesce(topic_id, '')
    AS topic_id, count(*) AS n, count(*) FILTER (label = 'negative') AS n_negative, count(*) FILTER (label =
    'neutral') AS n_neutral, count(*) FILTER (label = 'positive') AS n_positive, avg(score) AS mean, -1.0 AS low, 1.0
    AS high, median(wait) AS median_response_seconds FROM made WHERE i % 101 <> 0 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1,
    2, 3, 4, 5

--- day keyword_hour
SELECT date_trunc('hour', started_at) AS hour, word_of(topic) || (topic // 20)::VARCHAR AS keyword, channel, count(*)
    AS n_contacts FROM made GROUP BY 1, 2, 3 ORDER BY 1, 2, 3

--- day kpi_day
SELECT coalesce(channel, '*') AS channel, coalesce(team, '*') AS team, g.name AS indicator, CASE WHEN g.name =
    'n_contacts' THEN count(*) ELSE abs(avg(score)) END AS value, value * 0.95 AS low, value * 1.05 AS high, count(*)
    AS n FROM made, indicator AS g GROUP BY GROUPING SETS ((channel, team, g.name), (channel, g.name), (team, g.name),
    (g.name)) ORDER BY 1, 2, 3

--- day kpi_cube
SELECT channel, coalesce(product, '') AS product, team, coalesce(topic_id, '') AS topic_id, g.name AS indicator,
    sum(score) AS numerator, sum(score * score) AS squares, count(*) AS n FROM made, (FROM indicator WHERE place < 8)
    AS g GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5

--- day forecast_hour
SELECT h.hour, c.channel, getvariable('day')::TIMESTAMPTZ AS made_at, c.expected, c.expected * 0.8 AS low, c.expected
    * 1.2 AS high FROM (SELECT unnest(range(24)) AS k, timezone('Asia/Shanghai', getvariable('day')::TIMESTAMP +
    to_days(1) + to_hours(k::INT)) AS hour) AS h, (SELECT coalesce(channel, '*') AS channel, count(*) / 24.0 AS
    expected FROM made GROUP BY ROLLUP (channel)) AS c ORDER BY 1, 2

--- day rejected
SELECT 'chats' AS source, 'chats/' || getvariable('day')::VARCHAR || '.jsonl' AS file, 1000000 + range AS position,
    (['no text', 'no id', 'superseded'])[1 + range % 3] AS reason, md5(range::VARCHAR) AS raw_hash FROM range(40)

--- day driver
SELECT getvariable('day') - 6 AS period_start, getvariable('day') AS period_end, getvariable('day') - 13 AS
    base_start, getvariable('day') - 7 AS base_end, 'sentiment' AS measure, 'topic' AS dimension, topic_id AS key,
    count(*) AS n, count(*) AS base_n, avg(score) / 100 AS contribution, 0.0 AS mix, contribution AS within,
    contribution - 0.01 AS low, contribution + 0.01 AS high, row_number() OVER (ORDER BY abs(avg(score)) DESC) AS rank
    FROM made WHERE topic_id IS NOT NULL GROUP BY topic_id

--- day spike
SELECT md5(getvariable('day')::VARCHAR || topic_id || '*')[:16] AS spike_id, 'topic' AS kind, topic_id AS key, '*' AS
    channel, min(started_at) AS started_at, 3600 AS bucket_seconds, count(*)::DOUBLE AS observed, count(*) * 0.4 AS
    expected, 1e-9 AS p_value, 1e-7 AS q_value, false AS short_history, count(*) AS n_contacts, list(contact_id ORDER
    BY contact_id) AS contact_ids, []::VARCHAR[] AS related FROM made WHERE topic_id IS NOT NULL AND topic % 20 =
    dayofyear(getvariable('day')) % 20 AND hour_at BETWEEN 11 AND 13 GROUP BY topic_id

--- day dip
SELECT md5(getvariable('day')::VARCHAR || 'dip')[:16] AS dip_id, min(started_at) AS started_at, min(started_at) +
    INTERVAL 1 HOUR AS ended_at, 'wechat' AS channel, 0.4 AS drop, 0.3 AS drop_low, 0.5 AS drop_high, 0.1 AS
    within_topic, 0.05 AS mix, 0.2 AS delay, 0.1 AS delay_low, 0.3 AS delay_high, 0.05 AS unexplained, '与回复变慢有关' AS
    verdict, avg(score) AS mean, -0.05 AS expected, avg(wait) AS response_seconds, 45.0 AS usual_response_seconds,
    count(*) AS n, 1e-6 AS p_value, list(contact_id ORDER BY contact_id) AS contact_ids FROM made WHERE slow HAVING
    count(*) > 0

--- once category
SELECT 'rule' || range::VARCHAR AS category, '规则' || range::VARCHAR AS label, CASE WHEN range < 4 THEN 'strong' ELSE
    'category' END AS kind, 'medium' AS severity, '' AS description FROM range(12)

--- once topic_event
SELECT getvariable('first_day') AS day, topic_name(n) AS topic_id, 'born' AS event, '' AS other_topic_id, '' AS
    detail, []::VARCHAR[] AS contact_ids FROM (SELECT unnest(range(getvariable('n_topics'))) AS n)

--- once run
SELECT md5(range::VARCHAR) AS run_id, (['conform','sentiment','topics','kpi','publish'])[1 + range % 5] AS job,
    getvariable('last_day') - (range // 5)::INT AS window_start, window_start AS window_end, 'done' AS status, 20000
    AS rows_in, 20000 AS rows_out, 0 AS rows_rejected, 12.0 AS seconds, '1' AS code_version, window_start::TIMESTAMPTZ
    AS finished_at, '{}' AS inputs FROM range(1825)

--- once topic
SELECT topic_name(n) AS topic_id, word_of(n) || '问题' || n::VARCHAR AS label, [word_of(n), word_of(n + 1), word_of(n +
    7)] AS words, 'active' AS state, getvariable('first_day') AS first_seen, getvariable('last_day') AS last_seen,
    topic_point(n) AS touchpoint, coalesce(c.k, 0) AS n_contacts FROM (SELECT unnest(range(getvariable('n_topics')))
    AS n) AS t LEFT JOIN (SELECT topic_id, count(*) AS k FROM read_parquet('$lake/contact_topic/*/*.parquet') GROUP BY
    1) AS c ON c.topic_id = topic_name(t.n)
