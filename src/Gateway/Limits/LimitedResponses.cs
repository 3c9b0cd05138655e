using System.Collections.Concurrent;
using OpenAIProxy.Gateway.Forwarding.Sockets;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Usage.Sockets;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>The responses that a client asks for over one WebSocket: each counts as a request, with the tokens that it may use.</summary>
/// <param name="calls">Where is counted.</param>
/// <param name="settings">The limits in force when the socket was opened.</param>
/// <param name="rules">The rules of a response.</param>
/// <param name="budget">The budgets that it counts in; null if there are none.</param>
internal sealed class LimitedResponses(LimitedCalls calls, LimitSettings settings, LimitRule[] rules, ResponseBudget? budget) : SocketJudge
{
    // Of which no record came. What they were reserved with stays counted.
    private const int MostOpen = 64;

    private readonly ResponseScan _scan = new();
    private readonly ConcurrentQueue<(Decision Decision, LimitRule[] Rules)> _open = new();

    public override void Read(ReadOnlySpan<byte> payload) => _scan.Read(payload);

    public override async ValueTask<SocketRefusal?> JudgeAsync(MessageKind kind, CancellationToken cancellationToken)
    {
        // What can't be read may ask for one.
        var isAsked = _scan.IsAsked || kind == MessageKind.Unreadable;
        var estimate = TokenEstimate.OfResponse(_scan.InputEstimate, _scan.MostOutput);
        Drop();
        if (!isAsked)
        {
            return null;
        }

        if (budget is not null && await budget.PrepareAsync(estimate, cancellationToken) is { } unfit)
        {
            return new SocketRefusal(unfit);
        }

        LimitRule[] all = budget is null ? rules : [.. rules, .. budget.Rules];
        var charges = Array.ConvertAll(all, rule => new Charge(rule.Counter, rule.AmountOf(estimate, budget?.Amount ?? 0)));
        var decision = await calls.TakeAsync(charges, all, settings.Wait, cancellationToken);
        if (decision.IsUnavailable)
        {
            return new SocketRefusal(LimitRefusals.Unavailable, TimeSpan.FromSeconds(1));
        }

        if (decision.IsTaken)
        {
            _open.Enqueue((decision, all));
        }

        budget?.Look(decision);
        if (!decision.IsTaken)
        {
            return Refuse(all[decision.RefusedBy], decision);
        }

        if (_open.Count > MostOpen && _open.TryDequeue(out var oldest))
        {
            calls.Store.Settle(oldest.Decision, Array.ConvertAll(oldest.Decision.Charges, charge => charge.Amount));
        }

        return null;
    }

    public override void Drop() => _scan.Reset();

    /// <summary>Settles the oldest response with what one has used. False if none is open: nobody asked for it, such as one that a pause began.</summary>
    public bool TrySettle(UsedAmounts used)
    {
        if (!_open.TryDequeue(out var response))
        {
            return false;
        }

        Settle(response.Decision, response.Rules, used);
        return true;
    }

    /// <summary>The socket is closed: what is open is not made any more.</summary>
    public void End()
    {
        while (_open.TryDequeue(out var response))
        {
            Settle(response.Decision, response.Rules, default);
        }
    }

    private SocketRefusal Refuse(LimitRule rule, Decision decision)
    {
        if (rule.Measure == LimitMeasure.Spending)
        {
            return budget!.Refuse(rule, decision);
        }

        TimeSpan? wait = decision.WaitMilliseconds < 0 ? null : TimeSpan.FromMilliseconds(decision.WaitMilliseconds);
        return new SocketRefusal(LimitRefusals.Of(rule, decision), wait);
    }

    private void Settle(Decision decision, LimitRule[] of, UsedAmounts used)
    {
        Span<long> amounts = stackalloc long[of.Length];
        for (var i = 0; i < amounts.Length; i++)
        {
            amounts[i] = of[i].UsedOf(used);
        }

        calls.Store.Settle(decision, amounts);
    }
}
