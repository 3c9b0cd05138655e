using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Usage.Models;

namespace OpenAIProxy.Gateway.Models;

/// <summary>
/// Judges the models that a request's body names. A small body is held until it is judged. Of a larger one each piece is read before it passes,
/// so that the end, without which no server begins, never passes unjudged.
/// </summary>
/// <param name="inner">Who else sees the body.</param>
/// <param name="scan">Finds the models; null if the body can't be read.</param>
internal sealed class ModelBody(BodyObserver inner, ModelScan? scan) : WrappedBody(inner)
{
    public override bool HoldsBody => true;

    /// <summary>What is wrong with what has come.</summary>
    public ModelFault Fault => scan?.Fault ?? ModelFault.Unreadable;

    /// <summary>What reads a body.</summary>
    /// <param name="request">Its request.</param>
    /// <param name="models">The models that may be named.</param>
    /// <param name="isRequired">True if one must be.</param>
    /// <param name="isAnywhere">True if they may stand anywhere.</param>
    public static ModelScan? ScanOf(HttpRequest request, ModelList models, bool isRequired, bool isAnywhere)
    {
        var coding = request.Headers.ContentEncoding.ToString();
        if (coding.Length > 0 && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (BodyFormat.IsJson(request.ContentType))
        {
            return new BodyModelScan(models.Allows, isAnywhere ? ModelShapes.Anywhere : ModelShapes.Request, isRequired);
        }

        return BodyFormat.BoundaryOf(request.ContentType) is { } boundary ? new FormModelScan(models.Allows, boundary, isRequired) : null;
    }

    public override void Observe(ReadOnlySpan<byte> bytes)
    {
        scan?.Scan(bytes);
        base.Observe(bytes);
    }

    public override Insertion? Decide(bool isWhole)
    {
        End(isWhole);
        return base.Decide(isWhole);
    }

    public override Refusal? Judge(bool isWhole)
    {
        End(isWhole);
        return ModelRefusals.Of(Fault) ?? base.Judge(isWhole);
    }

    private void End(bool isWhole)
    {
        if (isWhole)
        {
            scan?.Finish();
        }
    }
}
