using System.Net;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Sockets;
using OpenAIProxy.Gateway.Metering.Decoding;
using OpenAIProxy.Usage.Decoding;
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
    private BodyDecoder? _decoder;
    private bool _isFiltered;

    /// <summary>True if the models are listed.</summary>
    public bool IsList { get; init; }

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

    public override void SendingHead(IHeaderDictionary headers, HttpRequestMessage message)
    {
        base.SendingHead(headers, message);
        if (IsList)
        {
            headers.AcceptEncoding = "identity";
            // Of a part of the list, nobody could tell what it shows.
            headers.Range = default;
        }
    }

    public override void Answered(HttpResponseMessage answer, HttpResponse response)
    {
        base.Answered(answer, response);
        if (!IsList || answer.StatusCode != HttpStatusCode.OK)
        {
            return;
        }

        _isFiltered = true;
        if (BodyDecoder.IsEncoded(response.Headers.ContentEncoding, out var coding))
        {
            // It was asked not to compress. What it is compressed with otherwise, nobody can read, and nothing is shown of it.
            _decoder = BodyDecoder.For(coding, TimeProvider.System);
            response.Headers.Remove("Content-Encoding");
        }

        // They tell of the list as it was.
        response.ContentLength = null;
        response.Headers.Remove("ETag");
        response.Headers.Remove("Content-MD5");
        response.Headers.Remove("Digest");
        response.Headers.Remove("Content-Digest");
    }

    public override Stream Tap(Stream upstream)
    {
        var stream = base.Tap(upstream);
        return _isFiltered ? new FilteredListStream(_decoder is null ? stream : new DecodedStream(stream, _decoder), models) : stream;
    }

    public override SocketJudge? JudgeMessages()
        => IsSocket ? SocketJudge.Of(new ModelJudge(models, endpoint.Kind), base.JudgeMessages()) : base.JudgeMessages();
}
