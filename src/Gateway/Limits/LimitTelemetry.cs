using System.Diagnostics.Metrics;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Gateway.Limits.Stores.Shared;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>How often limits refuse, or would have. Nothing about whom.</summary>
internal sealed class LimitTelemetry
{
    public const string Name = "OpenAIProxy.Limits";
    public const string RejectionsName = "openaiproxy.limits.rejections";
    public const string StoreAwayName = "openaiproxy.limits.store_away";

    private readonly Counter<long> _rejections;

    public LimitTelemetry(IMeterFactory meters, ILimitStore store)
    {
        var meter = meters.Create(Name);
        _rejections = meter.CreateCounter<long>(RejectionsName, "{request}", "Requests that a limit refused, or would have refused if it were no shadow.");
        if (store is SharedLimitStore shared)
        {
            meter.CreateObservableGauge(StoreAwayName, () => shared.IsAway ? 1 : 0, null, "1 while limits are counted without their Redis.");
        }
    }

    /// <summary>A call doesn't fit.</summary>
    public void Refused(LimitRule rule) => _rejections.Add(
        1,
        new("limit", LimitNames.Of(rule.Measure)), new("scope", LimitNames.Of(rule.Scope)), new("mode", rule.Counter.IsShadow ? "shadow" : "enforced"));
}
