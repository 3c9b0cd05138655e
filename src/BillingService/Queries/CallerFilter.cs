using System.Globalization;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>
/// Finds out who sends a query, and slows down guesses at the admin token: a credential that neither the ledger nor the upstream knows counts
/// as a wrong key. Without an admin token there is nothing to guess.
/// </summary>
internal sealed class CallerFilter(QuerySettings settings, AccountSettings accounts, UsageAccess access, UsageLedger ledger, WrongKeys wrong) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var caller = Identify(context);
        context.Features.Set(caller);
        // Who is asked first: an error comes from there. An answer says where it comes from itself.
        context.Response.Headers[AnswerWriter.SourceHeader] = caller.Credential is null ? AnswerSource.Ledger : AnswerSource.Upstream;
        if (!await MayBeGuessAsync(context, caller))
        {
            return await next(invocation);
        }

        // Where upstream judges, it is asked whatever was tried before: the key may be a right one.
        var isJudged = settings.Source != BillingSource.Ledger && context.GetEndpoint()?.Metadata.GetMetadata<LedgerOnly>() is null;
        if (!isJudged)
        {
            Count(context);
        }

        var answer = await next(invocation);
        if (isJudged && answer is Answer { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden, NeedsSessionKey: false })
        {
            Count(context);
        }

        return answer;
    }

    private Caller Identify(HttpContext context)
    {
        try
        {
            return access.Identify(context.Request.Headers);
        }
        catch (BillingException e) when (e.Code == UsageAccess.InvalidKey && accounts.AdminToken is not null)
        {
            Count(context);
            throw;
        }
    }

    private async Task<bool> MayBeGuessAsync(HttpContext context, Caller caller)
        => accounts.AdminToken is not null && caller.Credential is { } credential && !access.IsVouchedFor(context.Request.Headers)
            && !credential.Token.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal) && !await IsInLedgerAsync(caller.Key, context.RequestAborted);

    private async Task<bool> IsInLedgerAsync(string? key, CancellationToken cancellationToken)
    {
        try
        {
            return key is not null && await ledger.KnowsKeyAsync(key, cancellationToken);
        }
        catch (LedgerAwayException)
        {
            // What needs no ledger is answered all the same.
            return false;
        }
    }

    private void Count(HttpContext context)
    {
        if (!wrong.TryCount(access.ClientOf(context.Request.Headers)))
        {
            context.Response.Headers.RetryAfter = wrong.SecondsToWait().ToString(CultureInfo.InvariantCulture);
            throw new BillingException(StatusCodes.Status429TooManyRequests, "too_many_wrong_keys",
                "Too many unknown keys came from your address in this minute. Try again in the next one.");
        }
    }
}
