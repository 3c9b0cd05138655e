namespace OpenAIProxy.Gateway.Tests.Models;

/// <summary>A gateway with two access keys: one may use gpt-4o, gpt-4o-mini* and ft:*:acme::*, the other every model.</summary>
internal static class ModelRig
{
    public const string Limited = Keys.Access;
    public const string Free = Keys.SecondAccess;

    public static readonly (string, string)[] Settings =
    [
        ("Access:Keys:0:Key", Limited), ("Access:Keys:0:Models:0", "gpt-4o"), ("Access:Keys:0:Models:1", "gpt-4o-mini*"),
        ("Access:Keys:0:Models:2", "ft:*:acme::*"), ("Access:Keys:1:Key", Free),
    ];

    public static async Task<Rig> StartAsync(bool isMetered = false, params (string, string)[] more)
    {
        var rig = new Rig([.. Settings, .. more], isMetered);
        await rig.InitializeAsync();
        return rig;
    }

    /// <summary>A request of the key that is limited, with a body as it is on the wire.</summary>
    public static string Post(string target, string body, string contentType = "application/json", params string[] headers) => Rig.Request(
        $"POST {target}",
        [$"Authorization: Bearer {Limited}", $"Content-Type: {contentType}", $"Content-Length: {body.Length}", .. headers]) + body;

    /// <summary>A request of the key that is limited, without a body.</summary>
    public static string Bare(string request) => Rig.Request(request, $"Authorization: Bearer {Limited}");

    /// <summary>What is told of a request that must not reach the upstream.</summary>
    public static async Task<(int Status, string Code, string? Param)> ErrorAsync(this Rig rig, string request)
    {
        var answer = await rig.RefusedAsync(request);
        var error = ErrorObject.Parse(answer.Text);
        Assert.Equal("invalid_request_error", error.Type);
        return (answer.Head.Status, error.Code, error.Param);
    }
}
