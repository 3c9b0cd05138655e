using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.BillingService.Upstream;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>The three questions and how upstream answers them for each kind of credential.</summary>
internal sealed class UpstreamAnswers(UpstreamBilling upstream, TimeProvider time)
{
    /// <summary>The most upstream calls at a time for one query.</summary>
    private const int CallsAtOnce = 4;

    /// <summary>What was granted and used. A session's answer is upstream's own; dates don't matter to it.</summary>
    public async Task<CachedAnswer> CreditGrantsAsync(Credential credential, IQueryCollection query, bool fresh, CancellationToken cancellationToken)
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

        var answers = await AtMost.RunAsync(CallsAtOnce, calls, cancellationToken);
        var subscription = credential.Kind == CredentialKind.Admin ? Subscription.WithoutLimit : Subscription.Read(answers[0].Body);
        var (parts, usage) = await CompleteAsync(credential, range, windows, answers[^windows.Count..], fresh, cancellationToken);
        var used = usage.Select((part, i) => (parts[i], Usage.Read(part.Body).TotalCents)).ToArray();
        return Together(CreditSummary.Write(range, used, subscription), [.. answers, .. usage]);
    }

    /// <summary>Costs by day. One window's answer is upstream's own, several are put together.</summary>
    public async Task<CachedAnswer> UsageAsync(Credential credential, IQueryCollection query, bool fresh, CancellationToken cancellationToken)
    {
        var range = QueryDates.HalfOpen(query);
        var windows = range.Windows();
        var answers = await AtMost.RunAsync(CallsAtOnce, [.. windows.Select(window => AskUsage(credential, window, fresh))], cancellationToken);
        var (_, usage) = await CompleteAsync(credential, range, windows, answers, fresh, cancellationToken);
        return Together(usage is [var only] ? only.Body : Usage.Merge([.. usage.Select(a => a.Body)]), usage);
    }

    /// <summary>The limits. Upstream's own answer, but for an admin key, which upstream answers only costs for.</summary>
    public async Task<CachedAnswer> SubscriptionAsync(Credential credential, bool fresh, CancellationToken cancellationToken)
    {
        if (credential.Kind != CredentialKind.Admin)
        {
            return await upstream.SubscriptionAsync(credential, fresh, cancellationToken);
        }

        // Whether the key is good only upstream knows.
        var answer = await upstream.UsageAsync(credential, new DateRange(Today(), Today().AddDays(1)), fresh, cancellationToken);
        return answer with { Body = Subscription.WithoutLimit.ToJson(AnswerSource.Upstream) };
    }

    private Func<CancellationToken, Task<CachedAnswer>> AskUsage(Credential credential, DateRange window, bool fresh)
        => token => upstream.UsageAsync(credential, window, fresh, token);

    /// <summary>
    /// A compatible server that gives no days ignores the dates too and answers every window with all that was ever used; summed up, that
    /// would be counted once per window. It is asked once more, for the whole range.
    /// </summary>
    private async Task<(IReadOnlyList<DateRange> Windows, CachedAnswer[] Usage)> CompleteAsync(
        Credential credential, DateRange range, IReadOnlyList<DateRange> windows, CachedAnswer[] usage, bool fresh, CancellationToken cancellationToken)
        => windows.Count > 1 && !usage.Any(answer => Usage.Read(answer.Body).HasDays)
            ? ([range], [await upstream.UsageAsync(credential, range, fresh, cancellationToken)])
            : (windows, usage);

    private static CachedAnswer Together(ReadOnlyMemory<byte> body, CachedAnswer[] parts)
        => new(body, parts.Min(part => part.Received), parts.All(part => part.IsHit));

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
