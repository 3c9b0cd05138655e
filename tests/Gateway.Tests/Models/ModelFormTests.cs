using OpenAIProxy.Usage.Models;

namespace OpenAIProxy.Gateway.Tests.Models;

/// <summary>The models that multipart forms name, wherever the part stands; a form that some servers would read in another way is refused.</summary>
public sealed class ModelFormTests : IAsyncLifetime
{
    private const string Target = "/v1/audio/transcriptions";
    private const string Type = "multipart/form-data; boundary=b";
    private const string File = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\nsound\n--x\r\n";

    private Rig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await ModelRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    public static TheoryData<string> Allowed =>
    [
        File + Model("gpt-4o") + "--b--\r\n",
        Model("gpt-4o-mini-transcribe") + File + "--b--",
        Model("gpt-4o") + Model("gpt-4o-mini") + "--b--",
        "--b\r\ncontent-disposition: form-data;name=model\r\n\r\ngpt-4o\r\n--b--\r\n",
        Part("form-data; name=\"model\"\r\nContent-Type: text/plain; charset=utf-8", "gpt-4o") + "--b--\r\n",
    ];

    public static TheoryData<string> Refused =>
    [
        File + Model("whisper-1") + "--b--\r\n",
        Model("gpt-4o") + File + Model("whisper-1") + "--b--\r\n",
        Part("form-data; name=\"Model\"", "whisper-1") + Model("gpt-4o") + "--b--\r\n",
        Part("form-data; name=\"models[]\"", "whisper-1") + Model("gpt-4o") + "--b--\r\n",
        Model(new string('m', 300)) + "--b--\r\n",
        Model("") + "--b--\r\n",
        File + "--b--\r\n",
        "--b--\r\n",
    ];

    public static TheoryData<string> Odd =>
    [
        // The end is missing.
        File + Model("gpt-4o"),
        // Lines that end with LF alone: Go's reader takes them.
        "--b\nContent-Disposition: form-data; name=\"model\"\n\nwhisper-1\n--b--\n",
        Model("gpt-4o") + File + "x\n--b\nContent-Disposition: form-data; name=\"model\"\n\nwhisper-1\n--b--\n",
        // JSON before it, which servers that don't look at the type would read.
        "{\"model\":\"whisper-1\"}\r\n" + Model("gpt-4o") + "--b--\r\n",
        Model("gpt-4o") + "--b--\r\n" + Model("whisper-1"),
        Part("form-data; name=\"mo\\del\"", "whisper-1") + Model("gpt-4o") + "--b--\r\n",
        Part("form-data; name=\"x\"; name=\"model\"", "whisper-1") + Model("gpt-4o") + "--b--\r\n",
        Part("form-data; name*=utf-8''model", "whisper-1") + Model("gpt-4o") + "--b--\r\n",
        Part("form-data; filename=\"a\\\"; name=\"model\"", "whisper-1") + Model("gpt-4o") + "--b--\r\n",
        Part("form-data; name=\"x\"\r\nContent-Disposition: form-data; name=\"model\"", "whisper-1") + Model("gpt-4o") + "--b--\r\n",
        Part("form-data;\r\n name=\"model\"", "whisper-1") + Model("gpt-4o") + "--b--\r\n",
        Part("form-data; name=\"model\"; filename=\"m\"", "gpt-4o") + "--b--\r\n",
        Part("form-data; name=\"model\"\r\nContent-Transfer-Encoding: base64", "gpt-4o") + "--b--\r\n",
        Part("form-data; name=\"model\"\r\nContent-Type: text/plain; charset=utf-7", "gpt-4o") + "--b--\r\n",
        Part("attachment; name=\"model\"", "gpt-4o") + "--b--\r\n",
        "--b\r\nContent-Type: text/plain\r\n\r\ngpt-4o\r\n--b--\r\n",
    ];

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task Form_ThatNamesAllowedModelsOnly_PassesByteForByte(string form)
    {
        var (request, _) = await _rig.ExchangeAsync(ModelRig.Post(Target, form, Type));

        Assert.Equal(form, request.Text);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Form_ThatNamesAnotherModelOrNone_Gets403(string form)
        => Assert.Equal((403, "model_not_allowed", "model"), await _rig.ErrorAsync(ModelRig.Post(Target, form, Type)));

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task Form_WithMoreThanOneMeaning_Gets400(string form)
        => Assert.Equal((400, "model_unreadable", "model"), await _rig.ErrorAsync(ModelRig.Post(Target, form, Type)));

    [Theory]
    [InlineData("multipart/form-data; boundary=b; boundary=c")]
    [InlineData("multipart/form-data; boundary*=utf-8''b")]
    [InlineData("multipart/form-data")]
    [InlineData("application/json; boundary=b")]
    public async Task Type_WithMoreThanOneMeaning_Gets400(string type)
        => Assert.Equal((400, "model_unreadable", "model"), await _rig.ErrorAsync(ModelRig.Post(Target, Model("gpt-4o") + "--b--\r\n", type)));

    [Theory]
    [MemberData(nameof(Allowed))]
    [MemberData(nameof(Refused))]
    [MemberData(nameof(Odd))]
    public void Scan_OfAFormThatIsCutAnywhere_FindsTheSame(string form)
    {
        var bytes = System.Text.Encoding.Latin1.GetBytes(form);
        var whole = Scan(bytes, bytes.Length);

        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal(whole, Scan(bytes, cut));
        }
    }

    private static ModelFault Scan(byte[] form, int piece)
    {
        var scan = new FormModelScan(model => model.StartsWith("gpt-4o", StringComparison.Ordinal), "b", isRequired: true);
        for (var at = 0; at < form.Length; at += piece)
        {
            scan.Scan(form.AsSpan(at, Math.Min(piece, form.Length - at)));
        }

        scan.Finish();
        return scan.Fault;
    }

    private static string Model(string name) => Part("form-data; name=\"model\"", name);

    private static string Part(string disposition, string value) => $"--b\r\nContent-Disposition: {disposition}\r\n\r\n{value}\r\n";
}
