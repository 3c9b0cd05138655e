using System.Globalization;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>
/// The brake on billing queries: there, too, a credential may be a guess at the admin token. One that neither the ledger nor the upstream knows
/// counts as wrong. Without an admin token there is nothing to guess.
/// </summary>
internal sealed class AdminDoor(BillingSettings settings, Callers callers, UsageLedger ledger, WrongKeys wrong)
{
    /// <summary>Answers a query, or says that its sender has to wait.</summary>
    /// <param name="context">The query.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="mayAskUpstream">True if upstream may judge the credential.</param>
    /// <param name="answer">Answers it.</param>
    /// <exception cref="BillingException">429.</exception>
    public async Task<Answer> PassAsync(HttpContext context, Caller caller, bool mayAskUpstream, Func<Task<Answer>> answer)
    {
        if (settings.AdminToken is null || caller.Credential is not { } credential || callers.IsVouchedFor(context.Request.Headers)
            || credential.Token.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal) || await IsInLedgerAsync(caller, context.RequestAborted))
        {
            return await answer();
        }

        var client = callers.ClientOf(context.Request.Headers);
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
        => settings.AdminToken is null || wrong.TryCount(callers.ClientOf(context.Request.Headers)) ? refusal : TooMany(context);

    private static bool IsWrong(Answer answer)
        => answer.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden && !answer.NeedsSessionKey;

    private async Task<bool> IsInLedgerAsync(Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            return caller.Key is { } key && await ledger.KnowsKeyAsync(key, cancellationToken);
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
