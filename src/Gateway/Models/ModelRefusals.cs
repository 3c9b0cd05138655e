using OpenAIProxy.Gateway.Access;
using OpenAIProxy.ServiceDefaults.Errors;
using OpenAIProxy.Usage.Models;

namespace OpenAIProxy.Gateway.Models;

/// <summary>What callers are told whose key may use some models only.</summary>
internal static class ModelRefusals
{
    private const string Model = "model";

    private static readonly Refusal NotAllowed = new(StatusCodes.Status403Forbidden, "model_not_allowed", new ErrorText(
        "This access key may not use this model. GET /v1/models shows those it may use; the gateway's operator decides that with the key's models.",
        "不允许用这个访问密钥使用这个模型。GET /v1/models 会列出可用的模型；允许哪些模型，由管理员用密钥的 Models 设置。"))
    { Param = Model };

    private static readonly Refusal NotNamed = new(StatusCodes.Status403Forbidden, "model_not_allowed", new ErrorText(
        "This access key may use some models only, and this request doesn't say which one it wants. Name one in 'model'.",
        "这个访问密钥只能使用部分模型，而这个请求没有指明模型。请在 'model' 中指明。"))
    { Param = Model };

    private static readonly Refusal Hidden = new(StatusCodes.Status403Forbidden, "model_not_allowed", new ErrorText(
        "This access key may use some models only, and the gateway can't see which one this request would use: batches, runs of evals, sessions past the "
        + "gateway, videos made from others, and the image tool without a 'model' are not for such a key.",
        "这个访问密钥只能使用部分模型，而网关看不出这个请求会使用哪个模型：这样的密钥不能使用批处理、评测运行、不经过网关的会话、由其他视频生成的视频，以及没有指明 'model' 的图像工具。"))
    { Param = Model };

    private static readonly Refusal Unreadable = new(StatusCodes.Status400BadRequest, "model_unreadable", new ErrorText(
        "This access key may use some models only, and the gateway can't read for certain which one this request names. Send JSON in UTF-8 or "
        + "multipart/form-data, written strictly, with one 'model' and without Content-Encoding.",
        "这个访问密钥只能使用部分模型，而网关无法确定这个请求指明了哪个模型。请发送格式严格的 UTF-8 JSON 或 multipart/form-data，只写一个 'model'，不要用 Content-Encoding。"))
    { Param = Model };

    /// <summary>What is told of a fault; null for none.</summary>
    public static Refusal? Of(ModelFault fault) => fault switch
    {
        ModelFault.NotAllowed => NotAllowed,
        ModelFault.NotNamed => NotNamed,
        ModelFault.Hidden => Hidden,
        ModelFault.Unreadable => Unreadable,
        _ => null,
    };
}
