using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Upstream;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>The three questions and how upstream answers them for each kind of credential.</summary>
internal sealed class UpstreamAnswers(UpstreamBilling upstream, TimeProvider time)
{
    /// <summary>The most upstream calls at a time for one query.</summary>
    private const int CallsAtOnce = 4;

    /// <summary>What was granted and used. A session's answer is upstream's own; dates don't matter to it.</summary>
    public async Task<Answer> CreditGrantsAsync(Credential credential, IQueryCollection query, bool fresh, CancellationToken cancellationToken)
    {
        if (credential.Kind == CredentialKind.Session)
        {
            return await upstream.CreditGrantsAsync(credential, fresh, cancellationToken);
        }

        var range = QueryDates.Inclusive(query, Today());
        var windows = range.Windows();
        var calls = windows.Select(window => AskUsage(credential, window, fresh)).ToList();
        if (credential.Kind != CredentialKind.Admin)
        {
            calls.Insert(0, token => upstream.SubscriptionAsync(credential, fresh, token));
        }

        var answers = await BoundedParallel.RunAsync(CallsAtOnce, calls, IsError, cancellationToken);
        if (answers is [.., { IsError: true } failed])
        {
            return failed;
        }

        var subscription = credential.Kind == CredentialKind.Admin ? Subscription.WithoutLimit : Subscription.Read(answers[0].Body);
        var usage = await CompleteAsync(credential, range, answers[^windows.Count..], fresh, cancellationToken);
        if (usage is [{ IsError: true } refused])
        {
            return refused;
        }

        var parts = usage.Length == windows.Count ? windows : [range];
        var used = parts.Zip(usage, (part, answer) => (part, UpstreamBilling.UsageOf(answer).TotalCents)).ToArray();
        return Together(CreditSummary.Write(range, used, subscription), [.. answers, .. usage]);
    }

    /// <summary>Costs by day. One window's answer is upstream's own, several are put together.</summary>
    public async Task<Answer> UsageAsync(Credential credential, IQueryCollection query, bool fresh, CancellationToken cancellationToken)
    {
        var range = QueryDates.HalfOpen(query);
        var windows = range.Windows();
        var answers = await BoundedParallel.RunAsync(
            CallsAtOnce, [.. windows.Select(window => AskUsage(credential, window, fresh))], IsError, cancellationToken);
        var usage = await CompleteAsync(credential, range, answers, fresh, cancellationToken);
        return usage is [var only] ? only : Together(UsageBody.Merge([.. usage.Select(UpstreamBilling.UsageOf)]), usage);
    }

    /// <summary>The limits. Upstream's own answer, but for an admin key, which upstream answers only costs for.</summary>
    public async Task<Answer> SubscriptionAsync(Credential credential, bool fresh, CancellationToken cancellationToken)
    {
        if (credential.Kind != CredentialKind.Admin)
        {
            return await upstream.SubscriptionAsync(credential, fresh, cancellationToken);
        }

        // Whether the key is good only upstream knows.
        var answer = await upstream.UsageAsync(credential, new DateRange(Today(), Today().AddDays(1)), fresh, cancellationToken);
        return answer.IsError ? answer : answer with { Body = Subscription.WithoutLimit.ToJson(AnswerSource.Upstream), Usage = null };
    }

    private Func<CancellationToken, Task<Answer>> AskUsage(Credential credential, DateRange window, bool fresh)
        => token => upstream.UsageAsync(credential, window, fresh, token);

    /// <summary>
    /// A compatible server that gives no days ignores the dates too and answers every window with all that was ever used; summed up, that
    /// would be counted once per window. It is asked once more, for the whole range.
    /// </summary>
    private async Task<Answer[]> CompleteAsync(Credential credential, DateRange range, Answer[] windows, bool fresh, CancellationToken cancellationToken)
        => windows.Length > 1 && windows.All(answer => UpstreamBilling.UsageOf(answer).Days is null)
            ? [await upstream.UsageAsync(credential, range, fresh, cancellationToken)]
            : windows;

    private static bool IsError(Answer answer) => answer.IsError;

    private static Answer Together(ReadOnlyMemory<byte> body, Answer[] parts)
        => new(body, parts.Min(part => part.Received)) { IsHit = parts.All(part => part.IsHit) };

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
