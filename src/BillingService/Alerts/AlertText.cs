using System.Globalization;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary>An alert in words.</summary>
internal static class AlertText
{
    private const decimal MicroDollars = 1_000_000m;

    /// <summary>In English.</summary>
    public static string English(BudgetAlert alert)
    {
        var who = alert.Scope switch
        {
            "key" => $"The access key {Named(alert, " (", ")")}",
            "team" => $"The team {alert.Name}",
            _ => "This gateway",
        };
        var period = alert.Period switch
        {
            BudgetPeriod.Day => "a day",
            BudgetPeriod.Week => "a week",
            BudgetPeriod.Month => "a month",
            _ => "in total",
        };
        var budget = $"its budget of {Dollars(alert.Limit)} {period}";
        var what = IsWithoutRoom(alert)
            ? $"has had a call refused: {budget}, of which {Dollars(alert.Used)} are used, has no room for it."
            : $"has used {alert.Percent} % of {budget}: {Dollars(alert.Used)}.";
        return $"{who} {what}"
            + (alert.ResetsAt is { } resets ? $" It begins anew at {Time(resets)}." : "");
    }

    /// <summary>In Chinese.</summary>
    public static string Chinese(BudgetAlert alert)
    {
        var who = alert.Scope switch
        {
            "key" => $"访问密钥 {Named(alert, "（", "）")}",
            "team" => $"团队 {alert.Name}",
            _ => "本网关",
        };
        var period = alert.Period switch
        {
            BudgetPeriod.Day => "每天",
            BudgetPeriod.Week => "每周",
            BudgetPeriod.Month => "每月",
            _ => "总",
        };
        var what = IsWithoutRoom(alert)
            ? $"已使用 {Dollars(alert.Used)}，余额不足以进行一次调用，该调用已被拒绝。"
            : $"已使用 {alert.Percent} %，共 {Dollars(alert.Used)}。";
        return $"{who} 的{period}预算 {Dollars(alert.Limit)} {what}"
            + (alert.ResetsAt is { } resets ? $"将于 {Time(resets)} 重新开始计算。" : "");
    }

    private static bool IsWithoutRoom(BudgetAlert alert) => alert.Percent == 100 && alert.Used < alert.Limit;

    private static string Named(BudgetAlert alert, string open, string close)
        => alert.Label.Length > 0 ? $"{alert.Label}{open}{alert.Name}{close}" : alert.Name;

    private static string Dollars(long microDollars) => "$" + (microDollars / MicroDollars).ToString("0.00####", CultureInfo.InvariantCulture);

    private static string Time(long unix) => DateTimeOffset.FromUnixTimeSeconds(unix).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
