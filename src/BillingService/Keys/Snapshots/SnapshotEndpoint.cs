using System.Globalization;
using System.Text.Json;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.BillingService.Keys.Snapshots;

/// <summary><c>GET /internal/keys?after=VERSION</c>: all keys for a gateway, as soon as they are others than those it has.</summary>
internal sealed class SnapshotEndpoint(KeyWatch watch)
{
    /// <summary>How long a change is waited for. Tests wait less.</summary>
    public TimeSpan Wait { get; set; } = KeySnapshot.Wait;

    public async Task GetAsync(HttpContext context)
    {
        long? after = null;
        var text = context.Request.Query[KeySnapshot.After].ToString();
        if (text.Length > 0)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            {
                await OpenAIError.WriteAsync(context, StatusCodes.Status400BadRequest, "invalid_version", "after must be the version of a snapshot.");
                return;
            }

            after = version;
        }

        try
        {
            if (await watch.WaitAsync(after, Wait, context.RequestAborted) is not { } book)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            await WriteAsync(context, book);
        }
        catch (LedgerAwayException e)
        {
            await OpenAIError.WriteAsync(context, e.Status, e.Code, e.Message);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The service stops.
            await OpenAIError.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping", "This billing service is stopping.");
        }
    }

    private static async Task WriteAsync(HttpContext context, KeyBook book)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber(KeySnapshot.Version, book.Version);
        json.WriteStartArray(KeySnapshot.Keys);
        foreach (var key in book.Keys)
        {
            json.WriteRawValue(AccessKeyJson.Write(key.Record));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}
