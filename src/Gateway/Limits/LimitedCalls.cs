using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.Gateway.Metering.Endpoints;
using OpenAIProxy.Gateway.Paths;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>Lets calls go upstream as far as limits allow, whoever else observes them: the entry point of this folder.</summary>
/// <param name="inner">Who meters calls, if anybody does.</param>
/// <param name="table">The limits.</param>
/// <param name="access">Which proxies tell the client's address.</param>
/// <param name="store">Where is counted.</param>
/// <param name="telemetry">Where refusals are shown.</param>
/// <param name="time">The clock.</param>
/// <param name="budgets">The budgets; null where usage isn't metered.</param>
internal sealed class LimitedCalls(
    CallObservers inner, LimitTable table, AccessRules access, ILimitStore store, LimitTelemetry telemetry, TimeProvider time, CallBudgets? budgets = null)
    : CallObservers
{
    // How often a call that waits for a place looks for one. Nobody tells it, since the place may be given up at another gateway.
    private const long LooksForPlaceEvery = 100;

    /// <summary>Where is counted.</summary>
    public ILimitStore Store => store;

    public override CallObserver Start(HttpContext context, Caller caller, RequestPath path, bool isUpgrade)
    {
        var call = inner.Start(context, caller, path, isUpgrade);
        var current = table.Current;
        var rules = current.Of(caller, context, access);
        var budget = budgets?.Of(caller);
        if (rules.Length == 0 && budget is null)
        {
            return call;
        }

        var method = context.Request.Method;
        var metered = call as JournaledCall;
        if (isUpgrade)
        {
            WebSockets.OfferNoCompression(context.Request.Headers);
        }

        var endpoint = metered?.Endpoint ?? EndpointMatcher.Find(method, isUpgrade, path.Value, out _);
        var limited = new LimitedCall(call, this, current.Settings, rules, endpoint, metered?.Facts)
        {
            IsCounted = isUpgrade || !IsRead(method),
            Budget = budget,
            Region = metered?.Meters.Region ?? "",
        };
        if (metered is not null)
        {
            metered.Listener = limited;
        }

        return limited;
    }

    public override HttpMessageHandler Wrap(HttpMessageHandler upstream) => inner.Wrap(upstream);

    public override Task WhenDrained() => inner.WhenDrained();

    /// <summary>Counts a call, or says why not. It waits as long as the settings allow.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>, while it waits: nothing is counted.</exception>
    public async ValueTask<Decision> TakeAsync(Charge[] charges, LimitRule[] rules, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var decision = await store.TakeAsync(charges);
            var left = (long)(patience - time.GetElapsedTime(start)).TotalMilliseconds;
            if (decision.IsTaken || decision.IsUnavailable || !IsWorthWaiting(decision, rules, left, out var wait))
            {
                Tell(decision, rules);
                return decision;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken);
        }
    }

    private static bool IsWorthWaiting(Decision decision, LimitRule[] rules, long left, out long wait)
    {
        var measure = rules[decision.RefusedBy].Measure;
        var isForPlace = measure is LimitMeasure.Concurrency or LimitMeasure.Spending && decision.WaitMilliseconds == Decision.ConcurrencyWait;
        wait = isForPlace ? LooksForPlaceEvery : Math.Max(1, decision.WaitMilliseconds);
        // A budget's next period is counted elsewhere: this call would wait for it in vain.
        return decision.WaitMilliseconds >= 0 && wait <= left && (isForPlace || measure != LimitMeasure.Spending);
    }

    private void Tell(Decision decision, LimitRule[] rules)
    {
        if (decision.RefusedBy >= 0)
        {
            telemetry.Refused(rules[decision.RefusedBy]);
        }

        for (var shadows = decision.ShadowRefusals; shadows != 0; shadows &= shadows - 1)
        {
            telemetry.Refused(rules[System.Numerics.BitOperations.TrailingZeroCount(shadows)]);
        }
    }

    // What reads costs nothing, but for what was made in the background, whose tokens count when they are known.
    private static bool IsRead(string method)
        => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsDelete(method) || HttpMethods.IsOptions(method);
}
