using System.Globalization;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>
/// The brake on billing queries: there, too, a credential may be a guess at the admin token. One that neither the ledger nor the upstream knows
/// counts as wrong. Without an admin token there is nothing to guess.
/// </summary>
internal sealed class AdminDoor(BillingSettings settings, Askers askers, UsageLedger ledger, WrongKeys wrong)
{
    /// <summary>Answers a query, or says that its sender has to wait.</summary>
    /// <param name="context">The query.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="mayAskUpstream">True if upstream may judge the credential.</param>
    /// <param name="answer">Answers it.</param>
    /// <exception cref="BillingException">429.</exception>
    public async Task<Answer> PassAsync(HttpContext context, Asker asker, bool mayAskUpstream, Func<Task<Answer>> answer)
    {
        if (settings.AdminToken is null || asker.Credential is not { } credential || askers.IsKnown(context.Request.Headers)
            || credential.Token.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal) || await IsInLedgerAsync(asker, context.RequestAborted))
        {
            return await answer();
        }

        var client = askers.ClientOf(context.Request.Headers);
        // Where upstream judges, it is asked whatever was tried before: the key may be a right one.
        var judges = mayAskUpstream && settings.Source != BillingSource.Ledger;
        if (!judges && !wrong.TryCount(client))
        {
            throw TooMany(context);
        }

        var answered = await answer();
        return IsWrong(answered) && !wrong.TryCount(client) ? throw TooMany(context) : answered;
    }

    /// <summary>Counts a credential that isn't taken at all.</summary>
    /// <returns>What to say about it: <paramref name="refusal"/>, or that its sender has to wait.</returns>
    public BillingException Refuse(HttpContext context, BillingException refusal)
        => settings.AdminToken is null || wrong.TryCount(askers.ClientOf(context.Request.Headers)) ? refusal : TooMany(context);

    private static bool IsWrong(Answer answer)
        => answer.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden && !answer.NeedsSessionKey;

    private async Task<bool> IsInLedgerAsync(Asker asker, CancellationToken cancellationToken)
    {
        try
        {
            return asker.Key is { } key && await ledger.KnowsKeyAsync(key, cancellationToken);
        }
        catch (LedgerAwayException)
        {
            // What needs no ledger is answered all the same.
            return false;
        }
    }

    private BillingException TooMany(HttpContext context)
    {
        context.Response.Headers.RetryAfter = wrong.SecondsToWait().ToString(CultureInfo.InvariantCulture);
        return new BillingException(StatusCodes.Status429TooManyRequests, "too_many_wrong_keys",
            "Too many keys that nobody here knows came from this address. Try again when the minute is over.");
    }
}
