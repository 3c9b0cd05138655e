using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary><c>PUT /internal/keys/configured</c>: takes what gateways' settings say of access keys and budgets.</summary>
internal sealed class RosterEndpoint(RosterStore rosters)
{
    // Some hundred thousand keys.
    private const int LargestBody = 64 * 1024 * 1024;
    private const int LongestText = 4096;

    /// <summary>Whether a roster is kept: 304 if it is.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var mark = context.Request.Headers[HeaderNames.IfNoneMatch].ToString().Trim('"');
        context.Response.StatusCode = mark.Length is > 0 and <= LongestText && !mark.Contains('\0', StringComparison.Ordinal)
            && await rosters.TouchAsync(mark, context.RequestAborted)
                ? StatusCodes.Status304NotModified : StatusCodes.Status204NoContent;
    }

    /// <summary>Keeps one.</summary>
    public async Task PutAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestBody;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var json = body.ToArray();
        await rosters.AddAsync(
            json,
            Read(json) ?? throw new BillingException(StatusCodes.Status400BadRequest, "invalid_request", "The body says nothing of access keys that can be used."),
            context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static KeyRoster? Read(byte[] json)
    {
        try
        {
            var roster = JsonSerializer.Deserialize(json, ContractsJson.Default.KeyRoster);
            return roster is { Keys: not null, Common: not null } && IsWhole(roster.Common) && roster.Keys.All(IsWhole)
                && roster.Keys.DistinctBy(key => key.Id).Count() == roster.Keys.Count ? roster : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsWhole(RosterKey? key) => key is not null && KeyId.IsId(key.Id)
        && AreTexts([key.Name, key.Owner, key.Team, key.Budgets, key.AlertAt]) && (key.Limits is null || IsWhole(key.Limits));

    private static bool IsWhole(RosterCommon common) => AreTexts([common.Budgets, common.Total, common.TimeZone, common.AlertAt])
        && common.Teams is { } teams && AreTexts([.. teams.Keys, .. teams.Values]) && (common.Limits is null || IsWhole(common.Limits));

    private static bool IsWhole(KeyLimits limits)
        => AreTexts([limits.Requests, limits.Tokens, limits.InputTokens, limits.OutputTokens, limits.Concurrency]);

    // PostgreSQL has no text with a NUL in it.
    private static bool AreTexts(string?[] texts)
        => texts.All(text => text is { Length: <= LongestText } && !text.Contains('\0', StringComparison.Ordinal));
}
