using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Configuration;
using OpenAIProxy.Simulator.Recording;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>The pipeline's place in the app, and what it leaves for endpoints.</summary>
internal static class PipelineExtensions
{
    public static void UseSimulator(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<SimulatorOptions>();
        var recorder = app.Services.GetRequiredService<RequestRecorder>();
        app.Use(next => new SimulatorPipeline(next, options, recorder).InvokeAsync);
    }

    /// <summary>How this request is answered.</summary>
    public static Behavior Behavior(this HttpContext context) => context.Features.GetRequiredFeature<Behavior>();

    /// <summary>True if it was thrown because the client left.</summary>
    public static bool IsClientGone(this Exception exception, HttpContext context)
        => context.RequestAborted.IsCancellationRequested
        || exception is OperationCanceledException or BadHttpRequestException or ConnectionResetException or ConnectionAbortedException or WebSocketException;

    public static string Key(this HttpContext context) => Credentials.Find(context.Request.Headers)!;
}
