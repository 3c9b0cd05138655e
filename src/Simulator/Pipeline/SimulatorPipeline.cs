using OpenAIProxy.ServiceDefaults.Telemetry;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Configuration;
using OpenAIProxy.Simulator.Endpoints;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Recording;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>What comes before an endpoint: behavior, recording, credentials. A plain chat request takes the short way.</summary>
internal sealed class SimulatorPipeline(RequestDelegate next, SimulatorOptions options, RequestRecorder recorder)
{
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/sim") || path.StartsWithSegments("/health") || path.Value == "/healthz")
        {
            return AnswerForItselfAsync(context);
        }

        Behavior behavior;
        try
        {
            behavior = BehaviorParser.Parse(context.Request.Headers, options.Default);
            if (behavior.Trailers.Count > 0 && !context.Response.SupportsTrailers())
            {
                throw new ApiException(StatusCodes.Status400BadRequest, "x-sim-trailer needs HTTP/2.");
            }
        }
        catch (ApiException e)
        {
            return Reply.ErrorAsync(context, options.Default, e);
        }

        if (ReferenceEquals(behavior, options.Default)
            && !options.RecordAll
            && behavior.Tally is null
            && path.Value == CompletionEndpoints.ChatPath
            && HttpMethods.IsPost(context.Request.Method)
            && Credentials.AreGoodAtFirstSight(context.Request.Headers))
        {
            return CompletionEndpoints.ChatAsync(context, behavior);
        }

        context.Features.Set(behavior);
        var answer = options.RecordAll || behavior.RecordId is not null || behavior.Echo
            ? RecordAsync(context, behavior)
            : AnswerAsync(context, behavior, null);
        return behavior.Tally is null ? answer : TallyAsync(context, behavior, answer);
    }

    private static async Task TallyAsync(HttpContext context, Behavior behavior, Task answer)
    {
        await answer;
        if (context.Features.Get<TalliedCall>() is { } call && behavior.Fault == Fault.None)
        {
            await context.Response.CompleteAsync();
            call.Answered();
        }
    }

    private async Task AnswerForItselfAsync(HttpContext context)
    {
        context.LeaveOutOfTraces();
        try
        {
            await next(context);
        }
        catch (ApiException e) when (!context.Response.HasStarted)
        {
            await Reply.ErrorAsync(context, options.Default, e);
        }
    }

    private async Task RecordAsync(HttpContext context, Behavior behavior)
    {
        using var capture = new RequestCapture(context, recorder);
        context.Features.Set(capture);
        if (options.RecordAll || behavior.RecordId is not null)
        {
            recorder.Add(behavior.RecordId, capture.Request);
        }

        using var aborted = context.RequestAborted.UnsafeRegister(static state => ((RequestCapture)state!).Abort(), capture);
        try
        {
            await AnswerAsync(context, behavior, capture);
            if (!capture.IsOver)
            {
                await context.Response.CompleteAsync();
                capture.Complete();
            }
        }
        catch (Exception e) when (e.IsClientGone(context))
        {
            capture.Abort();
            throw;
        }
    }

    private async Task AnswerAsync(HttpContext context, Behavior behavior, RequestCapture? capture)
    {
        try
        {
            if (behavior.HangBeforeHead)
            {
                await Reply.DrainAsync(context);
                await ConnectionCut.HangAsync(context.RequestAborted);
            }
            else if (behavior.Echo)
            {
                await Reply.DrainAsync(context);
                await Reply.JsonAsync(context, behavior, Json.Bytes(RecordedRequestJson.Of(capture!.Request)));
            }
            else if (behavior.Status is { } status)
            {
                await Reply.StatusAsync(context, behavior, status);
            }
            else
            {
                Credentials.Check(context);
                await (behavior.Fault == Fault.Error200
                    ? Reply.JsonAsync(context, behavior, Json.Bytes(ErrorJson.ForStatus(500)))
                    : next(context));
            }
        }
        catch (ApiException e) when (!context.Response.HasStarted)
        {
            await Reply.ErrorAsync(context, behavior, e);
        }
    }
}
