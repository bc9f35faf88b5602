"""How the fixed values of tables are called in Chinese, for messages, pages and the terminal."""

from __future__ import annotations

from analytics.schema import ALL

CHANNEL_NAMES = {"phone": "电话", "app": "App", "web": "网页", "wechat": "微信", "weibo": "微博", ALL: "全渠道"}
KIND_NAMES = {"call": "通话", "chat": "在线会话", "work_order": "工单", "review": "评价"}
MOOD_NAMES = {"negative": "负面", "neutral": "中性", "positive": "正面"}
FLAG_NAMES = {"spam": "垃圾信息", "brushing": "刷评", "advertising": "广告"}
SEVERITY_NAMES = {"high": "高", "medium": "中", "low": "低"}
ALERT_STATE_NAMES = {
    "open": "待处理", "acknowledged": "已认领", "muted": "已静音", "resolved": "已解决", "false_alarm": "正常波动",
}  # fmt: skip
ALERT_REASON_NAMES = {
    "new": "新告警", "grown": "扩大", "reopened": "复发", "calmed": "缓解", "resolved": "已结束",
}  # fmt: skip
"""Why a message about an alert goes out."""
ALERT_EVENT_NAMES = {
    "raised": "发现", "held": "暂不发送", "sent": "已发送", "failed": "放弃发送", "in_doubt": "发送结果不明",
    "grown": "扩大", "calmed": "缓解", "resolved": "已解决", "reopened": "重新打开", "withdrawn": "撤回",
    "acknowledged": "认领", "muted": "静音", "unmuted": "取消静音", "false_alarm": "判为正常波动",
    "assigned": "指派给", "commented": "备注",
}  # fmt: skip
"""What happened to an alert, in its history."""
ALERT_KIND_NAMES = {
    "keyword": "关键词", "topic": "主题", "category": "分类", "volume": "进线量", "negative": "负面反馈",
    "sentiment": "情绪", "system": "系统",
}  # fmt: skip

REASON_NAMES = {
    "bad_row": "列数不对或引号没有闭合",
    "broken_bytes": "字节损坏",
    "bad_json": "不是 JSON 对象",
    "too_long": "行或单元格过长",
    "no_text": "没有内容",
    "no_contact": "没有会话编号",
    "bad_time": "时间无法识别",
    "duplicate_id": "编号重复",
    "unknown_speaker": "不知道是谁说的",
    "deleted": "来源已删除",
    "superseded": "已有更新的版本",
}
"""Why a row was refused, as a person reads it."""

ROLE_NAMES = {
    "text": "正文", "title": "标题", "reply": "回复", "time": "时间", "ended": "结束", "id": "编号", "contact": "会话",
    "speaker": "说话人", "customer": "客户", "agent": "客服", "team": "团队", "channel": "渠道", "product": "产品",
    "rating": "评分", "category": "类别", "status": "状态", "due": "时限", "history": "流转记录", "phone": "手机",
    "email": "邮箱", "unionid": "unionid", "openid": "openid", "device": "设备", "order": "订单", "login": "登录名",
    "version": "版本", "deleted": "删除标记", "tier": "客户等级", "transfers": "转接次数",
}  # fmt: skip
"""What a column can be taken for, as a person reads it."""


def channel_name(channel: str) -> str:
    """Return a channel's name; a source without channels is named by its kind, one's own channel keeps its own.

    Examples
    --------
    >>> channel_name("wechat"), channel_name("*"), channel_name("review"), channel_name("京东")
    ('微信', '全渠道', '评价', '京东')
    """
    return CHANNEL_NAMES.get(channel) or KIND_NAMES.get(channel) or channel
