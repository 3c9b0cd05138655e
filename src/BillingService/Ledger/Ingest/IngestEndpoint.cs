using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Errors;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.BillingService.Ledger.Ingest;

/// <summary><c>POST /internal/usage</c>: takes what gateways report, and acknowledges it when it is kept.</summary>
internal sealed partial class IngestEndpoint(UsageLedger ledger, CallIntake calls, TimeProvider time, ILogger<IngestEndpoint> logger)
{
    public const int LargestBody = 16 * 1024 * 1024;

    private const string RetryAfterSeconds = "2";

    private readonly OncePerPeriod _clockLog = new(time, TimeSpan.FromHours(1));

    public async Task PostAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } batch)
        {
            return;
        }

        try
        {
            if (await ledger.AddAsync(batch, context.RequestAborted))
            {
                calls.Take(batch.Calls, BatchTime.Sent(context.Request));
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (LedgerAwayException e)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await OpenAIError.WriteAsync(context, e.Status, e.Code, e.Message);
        }
    }

    private async Task<UsageBatch?> ReadAsync(HttpContext context)
    {
        // For nobody else: all other requests here have no body but the sign-in's form.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestBody;
        }

        UsageBatch? batch;
        try
        {
            batch = await JsonSerializer.DeserializeAsync(context.Request.Body, ContractsJson.Default.UsageBatch, context.RequestAborted);
        }
        catch (JsonException e)
        {
            await InvalidAsync(context, [$"The body is no usage batch: {e.Path ?? "$"}, line {e.LineNumber}, byte {e.BytePositionInLine}."]);
            return null;
        }

        var errors = BatchCheck.Errors(batch);
        if (errors.Count > 0)
        {
            await InvalidAsync(context, errors);
            return null;
        }

        return InTime(context.Request, batch!);
    }

    private UsageBatch InTime(HttpRequest request, UsageBatch batch)
    {
        var now = time.GetUtcNow();
        var sent = BatchTime.Sent(request);
        var rows = BatchTime.Correct(batch.Rows, now, sent);
        if (ReferenceEquals(rows, batch.Rows))
        {
            return batch;
        }

        if (_clockLog.TryPass(out _))
        {
            LogMoved(now, sent);
        }

        return batch with { Rows = rows };
    }

    private void LogMoved(DateTimeOffset now, DateTimeOffset? sent)
    {
        if (sent is not { } told)
        {
            LogClock(logger, "by more than a day");
        }
        else if ((now - told).Duration() > BatchTime.Tolerance)
        {
            LogClock(logger, $"by {(now - told).TotalHours:0.0} hours");
        }
        else
        {
            LogHour(logger);
        }
    }

    private Task InvalidAsync(HttpContext context, IReadOnlyList<string> errors)
    {
        LogInvalid(logger, errors.Count, errors[0]);
        return OpenAIError.WriteAsync(context, StatusCodes.Status400BadRequest, "invalid_usage_batch", string.Join(' ', errors));
    }

    [LoggerMessage(3107, LogLevel.Warning,
        "The clocks of a gateway and of this billing service differ {Skew}. The gateway's usage is booked at this service's time and marked as estimated. "
        + "Set both clocks.")]
    private static partial void LogClock(ILogger logger, string skew);

    [LoggerMessage(3110, LogLevel.Warning,
        "A gateway reported usage of an impossible hour, in the future or before 2020. It is booked at this service's time and marked as estimated. "
        + "The gateway's clock is right now; it was wrong when the usage was recorded.")]
    private static partial void LogHour(ILogger logger);

    [LoggerMessage(3106, LogLevel.Error, "Refused a gateway's usage batch: it has {Count} errors, the first: {Error}")]
    private static partial void LogInvalid(ILogger logger, int count, string error);
}
