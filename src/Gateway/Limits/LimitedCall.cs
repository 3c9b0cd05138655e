using System.Diagnostics;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Sockets;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>
/// One call under limits: counted when it is admitted, with what it may use; and settled with what it has used once it is over and its record is written,
/// whichever comes last.
/// </summary>
/// <param name="inner">Who meters it, if anybody does.</param>
/// <param name="calls">Where is counted.</param>
/// <param name="settings">The limits in force when it began.</param>
/// <param name="all">The rules it is under.</param>
/// <param name="endpoint">What is called.</param>
/// <param name="facts">What the request says; null if nobody meters it, and nobody tells what it uses.</param>
internal sealed class LimitedCall(
    CallObserver inner, LimitedCalls calls, LimitSettings settings, LimitRule[] all, EndpointRow endpoint, RequestFacts? facts)
    : WrappedCall(inner), IUsageListener
{
    private LimitRule[] _rules = [];
    private Decision? _decision;
    private LimitedResponses? _responses;
    private int _open = facts is null ? 1 : 2;
    private UsedAmounts _used;

    /// <summary>True if it counts as a request, and takes a place: it isn't one that only reads.</summary>
    public bool IsCounted { get; init; }

    /// <summary>The budgets it counts in; null if there are none.</summary>
    public CallBudget? Budget { get; init; }

    /// <summary>The region of the upstream.</summary>
    public string Region { get; init; } = "";

    public override async ValueTask<Refusal?> AdmitAsync(HttpContext context)
    {
        if (await base.AdmitAsync(context) is { } refusal)
        {
            return refusal;
        }

        if (!IsCounted)
        {
            await TellLevelsAsync(context);
            return null;
        }

        if (facts is null && (Budget is not null || Array.Exists(all, rule => rule.IsOfTokens)))
        {
            return LimitRefusals.NotMetered;
        }

        try
        {
            var hasTokens = facts is not null && endpoint is { ReadsRequest: true };
            var estimate = hasTokens ? TokenEstimate.Of(endpoint, facts!, context.Request) : default;
            if (Budget is not null && await Budget.PrepareAsync(endpoint, facts!, estimate, Region, context.RequestAborted) is { } unfit)
            {
                return unfit;
            }

            var charges = Charges(hasTokens, estimate);
            var decision = await calls.TakeAsync(charges, _rules, settings.Wait, context.RequestAborted);
            if (Judge(context.Response, decision) is { } denied)
            {
                return denied;
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left while the call waited; nobody reads this.
            return LimitRefusals.Unavailable;
        }

        // Or while it was decided: what was counted is given back.
        return context.RequestAborted.IsCancellationRequested ? LimitRefusals.Unavailable : null;
    }

    public override void Refused()
    {
        base.Refused();
        if (_decision is { } decision)
        {
            calls.Store.Settle(decision, new long[decision.Charges.Length]);
        }
    }

    // Who judges models, whose messages count only if they pass, wraps this one.
    public override SocketJudge? JudgeMessages()
    {
        var rules = Array.FindAll(all, rule => rule.Measure != LimitMeasure.Concurrency);
        if (endpoint.Kind is not (MeterKind.Realtime or MeterKind.ResponseSocket) || (rules.Length == 0 && Budget is null))
        {
            return base.JudgeMessages();
        }

        _responses = new LimitedResponses(calls, settings, rules, Budget is null ? null : new ResponseBudget(Budget, endpoint, facts!, Region));
        return SocketJudge.Of(base.JudgeMessages(), _responses);
    }

    public override void Closed(Activity? span)
    {
        base.Closed(span);
        EndPart();
    }

    public void Used(UsageRecord record, bool isLast)
    {
        var used = UsedOf(record);
        if (!isLast && _responses?.TrySettle(used) == true)
        {
            return;
        }

        if (!isLast || _decision is null)
        {
            Add(used);
        }

        if (isLast)
        {
            _responses?.End();
            _used = used;
            EndPart();
        }
    }

    private Refusal? Judge(HttpResponse response, Decision decision)
    {
        if (decision.IsUnavailable)
        {
            response.Headers.RetryAfter = "1";
            return LimitRefusals.Unavailable;
        }

        // First of all: whatever goes wrong from here on, it is settled.
        _decision = decision.IsTaken ? decision : null;
        LimitHeaders.Set(response.Headers, _rules, decision.Levels);
        Budget?.Look(decision, Budget.Amount);
        if (decision.IsTaken)
        {
            return null;
        }

        var rule = _rules[decision.RefusedBy];
        return rule.Measure == LimitMeasure.Spending ? Budget!.Refuse(response, rule, decision) : LimitRefusals.Refuse(response, rule, decision);
    }

    private Charge[] Charges(bool hasTokens, TokenEstimate estimate)
    {
        // A session's tokens are counted response by response. It doesn't begin if none are left.
        _rules = hasTokens || endpoint.IsSocket || !Array.Exists(all, rule => rule.IsOfTokens) ? all : Array.FindAll(all, rule => !rule.IsOfTokens);
        _rules = Budget is { Rules.Length: > 0 } budget ? [.. _rules, .. budget.Rules] : _rules;
        return Array.ConvertAll(_rules, rule => new Charge(rule.Counter, rule.AmountOf(estimate, Budget?.Amount ?? 0)));
    }

    // For its own headers alone: a caller who reads is told of its key's limits, too.
    private async ValueTask TellLevelsAsync(HttpContext context)
    {
        var rules = Array.FindAll(all, rule => rule.Scope == LimitScope.Key && rule.Measure != LimitMeasure.Concurrency);
        if (rules.Length > 0 && await calls.Store.ReadAsync(Array.ConvertAll(rules, rule => rule.Counter), CancellationToken.None) is { } levels)
        {
            LimitHeaders.Set(context.Response.Headers, rules, levels);
        }
    }

    private UsedAmounts UsedOf(UsageRecord record)
    {
        long input = 0;
        long output = 0;
        foreach (var line in record.Lines)
        {
            // What is told at each look at it was reserved when it was begun.
            if (line is { Unit: UsageUnit.Tokens, Once: null })
            {
                input += line.Counts.Input - (settings.CountsCachedInput ? 0 : line.Counts.CachedInput);
                output += line.Counts.Output;
            }
        }

        return new UsedAmounts(input, output, Budget?.CostOf(record) ?? 0);
    }

    private void Add(UsedAmounts used)
    {
        LimitRule[] rules = [.. Array.FindAll(all, rule => rule.IsOfTokens), .. Budget?.RulesNow() ?? []];
        var charges = Array.ConvertAll(Array.FindAll(rules, rule => rule.UsedOf(used) > 0), rule => new Charge(rule.Counter, rule.UsedOf(used)));
        if (charges.Length > 0)
        {
            calls.Store.Add(charges);
        }
    }

    private void EndPart()
    {
        if (Interlocked.Decrement(ref _open) != 0 || _decision is not { } decision)
        {
            return;
        }

        Span<long> used = stackalloc long[_rules.Length];
        for (var i = 0; i < used.Length; i++)
        {
            used[i] = _rules[i].UsedOf(_used);
            if (facts is { Background: true } && (_rules[i].IsOfTokens || _rules[i].Measure == LimitMeasure.Spending))
            {
                // It goes on upstream, and nobody may ever ask what it used.
                used[i] = Math.Max(used[i], decision.Charges[i].Amount);
            }
        }

        calls.Store.Settle(decision, used);
    }
}
