using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Models;

/// <summary>Judges the models that a JSON body names.</summary>
/// <param name="isAllowed">Judges a name.</param>
/// <param name="shape">Where models are named.</param>
/// <param name="isRequired">True if one must be.</param>
internal sealed class BodyModelScan(Func<string, bool> isAllowed, JsonNode shape, bool isRequired) : JsonModelScan(isAllowed, shape)
{
    public override bool IsRequired => isRequired;
}
