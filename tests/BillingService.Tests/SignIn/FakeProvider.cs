using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.BillingService.Tests.SignIn;

/// <summary>
/// A small OpenID provider on a real socket: discovery, keys, authorization with PKCE, tokens (RS256). It lets everybody in who comes, with the
/// claims that the test chooses, and makes wrong tokens where it is told to.
/// </summary>
public sealed class FakeProvider : IAsyncDisposable
{
    public const string ClientId = "openaiproxy";
    public const string ClientSecret = "client-T3BlbkFJ-of-the-tests";

    private const string KeyName = "key-1";

    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, Code> _codes = new();
    private readonly ConcurrentQueue<string> _secrets = new();
    private AppUpstream _server = null!;

    /// <summary>Its address and issuer: by a name, so that browsers take it for another site than the page.</summary>
    public string Issuer => $"http://localhost:{_server.Address.Port}";

    /// <summary>What it says of who comes next.</summary>
    public JsonObject User { get; set; } = Person("ann@example.com");

    /// <summary>What it says of them at the userinfo endpoint; null for no such endpoint.</summary>
    public JsonObject? UserInfo { get; set; }

    /// <summary>The query with which it sends browsers back instead of a code; null for a code.</summary>
    public string? Refusal { get; set; }

    /// <summary>Changes the claims of ID tokens before they are signed.</summary>
    public Action<JsonObject> Change { get; set; } = _ => { };

    /// <summary>Signs tokens.</summary>
    public Func<JsonObject, string>? Signer { get; set; }

    /// <summary>Answers instead, if it returns true.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>The address that browsers were to be sent back to, last.</summary>
    public string? RedirectUri { get; private set; }

    /// <summary>The query of the last request to sign somebody in.</summary>
    public IQueryCollection? Asked { get; private set; }

    /// <summary>All codes and tokens it has made.</summary>
    public IReadOnlyCollection<string> Secrets => _secrets;

    public static async Task<FakeProvider> StartAsync()
    {
        var provider = new FakeProvider();
        provider._server = await AppUpstream.StartAsync(provider.AnswerAsync);
        return provider;
    }

    /// <summary>Claims of somebody with this e-mail, in these groups.</summary>
    public static JsonObject Person(string email, params string[] groups) => new()
    {
        ["sub"] = "248289761001",
        ["email"] = email,
        ["groups"] = new JsonArray([.. groups.Select(group => (JsonNode)group)]),
    };

    /// <summary>The settings of a service that lets people in by it.</summary>
    public (string Name, string Value)[] Settings(string? adminClaim = "groups=admins") =>
    [
        ("Oidc:Authority", Issuer), ("Oidc:ClientId", ClientId), ("Oidc:ClientSecret", ClientSecret),
        .. adminClaim is null ? ((string, string)[])[] : [("Oidc:AdminClaim", adminClaim)],
    ];

    /// <summary>A token with these claims, as good as it can be; <paramref name="change"/> makes it worse.</summary>
    public string Token(JsonObject claims, Action<JsonObject>? change = null)
    {
        var now = new ManualClock().GetUtcNow().ToUnixTimeSeconds();
        var payload = claims.DeepClone().AsObject();
        payload["iss"] = Issuer;
        payload["aud"] = ClientId;
        payload["iat"] = now;
        payload["nbf"] = now;
        payload["exp"] = now + 300;
        change?.Invoke(payload);
        var token = Signer is null ? Sign(payload) : Signer(payload);
        _secrets.Enqueue(token);
        return token;
    }

    /// <summary>Signed as the provider does it.</summary>
    public string Sign(JsonObject payload) => Sign(payload, _key);

    /// <summary>Signed with another key.</summary>
    public static string Sign(JsonObject payload, RSA key)
        => Join("RS256", payload, text => key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>With what the client knows, too.</summary>
    public static string SignByClientSecret(JsonObject payload)
        => Join("HS256", payload, text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret), text));

    /// <summary>Not signed.</summary>
    public static string WithoutSignature(JsonObject payload) => Join("none", payload, _ => []);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
    }

    private static string Join(string algorithm, JsonObject payload, Func<byte[], byte[]> sign)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = KeyName };
        var text = $"{Encode(header.ToJsonString())}.{Encode(payload.ToJsonString())}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private async Task AnswerAsync(HttpContext context)
    {
        if (await Instead(context))
        {
            return;
        }

        await (context.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => WriteAsync(context, Discovery()),
            "/jwks" => WriteAsync(context, KeySet()),
            "/authorize" => AuthorizeAsync(context),
            "/token" => TokenAsync(context),
            "/userinfo" => WriteAsync(context, UserInfo!),
            _ => FailAsync(context, StatusCodes.Status404NotFound, "not_found"),
        });
    }

    private JsonObject Discovery()
    {
        var document = new JsonObject
        {
            ["issuer"] = Issuer,
            ["jwks_uri"] = $"{Issuer}/jwks",
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        };
        if (UserInfo is not null)
        {
            document["userinfo_endpoint"] = $"{Issuer}/userinfo";
        }

        return document;
    }

    private JsonObject KeySet()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = "RS256",
                ["kid"] = KeyName,
                ["n"] = Base64Url.EncodeToString(key.Modulus),
                ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        };
    }

    private Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        (Asked, RedirectUri) = (query, query["redirect_uri"].ToString());
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || query["nonce"].Count != 1)
        {
            return FailAsync(context, StatusCodes.Status400BadRequest, "invalid_request");
        }

        var code = $"code-{Guid.NewGuid():N}";
        _secrets.Enqueue(code);
        _codes[code] = new Code(RedirectUri, query["code_challenge"].ToString(), query["nonce"].ToString());
        var answer = Refusal ?? $"code={code}&iss={Uri.EscapeDataString(Issuer)}";
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = $"{RedirectUri}?{answer}&state={Uri.EscapeDataString(query["state"].ToString())}";
        return Task.CompletedTask;
    }

    private async Task TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret)
        {
            await FailAsync(context, StatusCodes.Status401Unauthorized, "invalid_client");
            return;
        }

        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var code) || code.RedirectUri != form["redirect_uri"] || code.Challenge != challenge)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, "invalid_grant");
            return;
        }

        var claims = User.DeepClone().AsObject();
        claims["nonce"] = code.Nonce;
        var access = Token(User);
        await WriteAsync(context, new JsonObject
        {
            ["access_token"] = access,
            ["token_type"] = "Bearer",
            ["expires_in"] = 300,
            ["id_token"] = Token(claims, Change),
        });
    }

    private static Task FailAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new JsonObject { ["error"] = error, ["error_description"] = "for people, with code-of-the-tests in it" });
    }

    private static Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(JsonSerializerOptions.Default));
    }

    private sealed record Code(string RedirectUri, string Challenge, string Nonce);
}
