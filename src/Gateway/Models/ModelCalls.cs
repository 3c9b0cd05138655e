using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Metering.Endpoints;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Models;

namespace OpenAIProxy.Gateway.Models;

/// <summary>Lets a key use no models but those it may use, whoever else observes calls. The entry point of this folder.</summary>
internal sealed class ModelCalls(CallObservers inner) : CallObservers
{
    // By these the gateways of others choose a model, whatever the body says.
    private static readonly string[] Headers = ["azureml-model-deployment", "x-portkey-config"];

    public override CallObserver Start(HttpContext context, Caller caller, RequestPath path, bool isUpgrade)
    {
        var call = inner.Start(context, caller, path, isUpgrade);
        if (caller.Rules?.Models is not { } models)
        {
            return call;
        }

        var request = context.Request;
        var endpoint = EndpointMatcher.Find(request.Method, isUpgrade, path.Value, out _);
        var target = TargetModels.Of(path, models);
        var need = isUpgrade ? OfSocket(endpoint, path, target) : ModelNeeds.Of(request.Method, endpoint);
        if (Array.Exists(Headers, request.Headers.ContainsKey))
        {
            need = ModelNeed.Hidden;
        }

        if (isUpgrade)
        {
            WebSockets.OfferNoCompression(request.Headers);
        }

        return new ModelCall(call, models, endpoint, need, target) { IsSocket = isUpgrade, IsList = IsList(request, endpoint, target) };
    }

    public override HttpMessageHandler Wrap(HttpMessageHandler upstream) => inner.Wrap(upstream);

    public override Task WhenDrained() => inner.WhenDrained();

    private static bool IsList(HttpRequest request, EndpointRow endpoint, TargetModels target)
        => HttpMethods.IsGet(request.Method) && endpoint.Name == "models" && !target.IsInPath;

    // A session has one model from its opening on, or names it in its messages; or it is one for transcriptions, and names theirs. One that joins
    // a call has the model of the call.
    private static ModelNeed OfSocket(EndpointRow endpoint, RequestPath path, TargetModels target)
    {
        if (TargetModels.Parameter(path.Target, "call_id") is not null)
        {
            return ModelNeed.Hidden;
        }

        var isNamed = target.IsInPath || target.IsInQuery || endpoint.Kind is MeterKind.ResponseSocket or MeterKind.Live
            || TargetModels.Parameter(path.Target, "intent") == "transcription";
        return isNamed ? ModelNeed.None : ModelNeed.Required;
    }
}
