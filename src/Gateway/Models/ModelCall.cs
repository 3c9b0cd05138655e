using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Sockets;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Models;

namespace OpenAIProxy.Gateway.Models;

/// <summary>One call of a key that may use some models only.</summary>
/// <param name="inner">Who else observes it.</param>
/// <param name="models">The models.</param>
/// <param name="endpoint">What is called.</param>
/// <param name="need">How it names its models.</param>
/// <param name="target">Those that its target names.</param>
internal sealed class ModelCall(CallObserver inner, ModelList models, EndpointRow endpoint, ModelNeed need, TargetModels target) : WrappedCall(inner)
{
    private ModelBody? _body;

    /// <summary>True for the opening of a WebSocket.</summary>
    public bool IsSocket { get; init; }

    public override Refusal? Refusal => ModelRefusals.Of(HeadFault) ?? base.Refusal;

    // A model in the query is one that most servers do not look at.
    private bool MustName => need == ModelNeed.Required && !target.IsInPath;

    private ModelFault HeadFault => need == ModelNeed.Hidden && target.Fault == ModelFault.None ? ModelFault.Hidden : target.Fault;

    public override BodyObserver ObserveBody(HttpRequest request)
    {
        var observed = base.ObserveBody(request);
        if (need is not (ModelNeed.Optional or ModelNeed.Required))
        {
            return observed;
        }

        return _body = new ModelBody(observed, ModelBody.ScanOf(request, models, MustName, ModelNeeds.AreAnywhere(endpoint)));
    }

    public override ValueTask<Refusal?> AdmitAsync(HttpContext context)
    {
        var fault = MustName ? ModelFault.NotNamed : ModelFault.None;
        return ModelRefusals.Of(_body?.Fault ?? fault) is { } refusal ? new(refusal) : base.AdmitAsync(context);
    }

    public override SocketJudge? JudgeMessages()
        => IsSocket ? SocketJudge.Of(new ModelJudge(models, endpoint.Kind), base.JudgeMessages()) : base.JudgeMessages();
}
