using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.Contracts;
using OpenAIProxy.Standalone.Reports;

namespace OpenAIProxy.Standalone.Keys;

/// <summary>Asks the admin API of the ledger that a command has opened.</summary>
internal static class KeyRequests
{
    private const string Keys = "/admin/keys";

    /// <summary>All keys, as the API tells them.</summary>
    public static Task<JsonObject> ListAsync(CommandLedger ledger, CancellationToken cancellationToken)
        => SendAsync(ledger, HttpMethod.Get, Keys, null, cancellationToken);

    /// <summary>Makes a key.</summary>
    public static Task<JsonObject> CreateAsync(CommandLedger ledger, JsonObject fields, CancellationToken cancellationToken)
        => SendAsync(ledger, HttpMethod.Post, Keys, fields, cancellationToken);

    /// <summary>Does something to one key.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="method">How it is asked.</param>
    /// <param name="key">The key's id or name.</param>
    /// <param name="action">What stands behind the id in the path, such as <c>/rotate</c>.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandLineException">The key itself is given, or fields can't be used.</exception>
    /// <exception cref="CommandFailedException">There is no such key, or several are, or it can't be done.</exception>
    public static async Task<JsonObject> OfKeyAsync(
        CommandLedger ledger, HttpMethod method, string key, string action, JsonObject? body, CancellationToken cancellationToken)
        => await SendAsync(ledger, method, $"{Keys}/{await FindAsync(ledger, key, cancellationToken)}{action}", body, cancellationToken);

    private static async Task<string> FindAsync(CommandLedger ledger, string key, CancellationToken cancellationToken)
    {
        if (AccessKeys.BeginsAsKey(key))
        {
            throw new CommandLineException("KEY is a key's name or id, not the key: other users of this machine can read command lines.");
        }

        if (KeyId.IsId(key))
        {
            return key;
        }

        var list = await ListAsync(ledger, cancellationToken);
        var ids = list["keys"]!.AsArray().Where(item => (string?)item!["name"] == key).Select(item => (string)item!["id"]!).ToArray();
        return ids switch
        {
            [var id] => id,
            [] => throw new CommandFailedException($"There is no key of the name '{key}'. 'openai-proxy keys list' shows which there are."),
            _ => throw new CommandFailedException($"Several keys are called '{key}': {string.Join(", ", ids)}. Say the id."),
        };
    }

    private static async Task<JsonObject> SendAsync(
        CommandLedger ledger, HttpMethod method, string target, JsonObject? body, CancellationToken cancellationToken)
    {
        using var answer = await ledger.SendAsync(method, target, body?.ToJsonString(), cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return JsonNode.Parse(text)!.AsObject();
        }

        var message = Detail(text) ?? $"The ledger could not be asked (status {(int)answer.StatusCode}).";
        throw (int)answer.StatusCode == StatusCodes.Status422UnprocessableEntity ? new CommandLineException(message) : new CommandFailedException(message);
    }

    private static string? Detail(string problem)
    {
        try
        {
            return (string?)JsonNode.Parse(problem)?["detail"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An answer that is not the service's own.
            return null;
        }
    }
}
