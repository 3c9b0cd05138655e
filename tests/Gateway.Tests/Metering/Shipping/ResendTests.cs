using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Commands;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal;
using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.Gateway.Tests.Metering.Shipping;

/// <summary><c>billing resend</c>, as it is typed.</summary>
public sealed class ResendTests
{
    [Fact]
    public async Task Refused_SentAgain_IsTakenWithTheIdItHad()
    {
        var status = 400;
        await using var rig = await ShipperRig.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        for (var i = 0; i < 3; i++)
        {
            rig.Rig.Write();
            rig.Rig.Keeper.Flush();
        }

        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.RefusedName) == 3, "they are refused");
        var sent = rig.Bodies.Select(Convert.ToHexString).ToHashSet();

        Assert.Equal((1, 3), (Resend(rig, out var first), Aside(rig).Length));
        Assert.Contains("0 of 3 files", first, StringComparison.Ordinal);
        Assert.Contains("refused (status 400", first, StringComparison.Ordinal);
        Volatile.Write(ref status, 503);
        Assert.Equal((1, 3), (Resend(rig, out _), Aside(rig).Length));
        Volatile.Write(ref status, 204);
        var before = rig.Bodies.Count;
        Assert.Equal((0, 0), (Resend(rig, out var last), Aside(rig).Length));

        Assert.Contains("3 of 3 files", last, StringComparison.Ordinal);
        Assert.Contains("3 usage records", last, StringComparison.Ordinal);
        Assert.True(rig.Bodies.Skip(before).Select(Convert.ToHexString).ToHashSet().SetEquals(sent));
        Assert.Equal(0, Resend(rig, out _));
    }

    [Fact]
    public async Task Refused_DamagedMeanwhile_IsTakenAsFarAsItCanBeRead()
    {
        var status = 400;
        await using var rig = await ShipperRig.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        rig.Rig.Write();
        rig.Rig.Write();
        rig.Rig.Keeper.Flush();
        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.RefusedName) == 1, "it is refused");
        var file = Assert.Single(Aside(rig));
        var bytes = File.ReadAllBytes(file);
        bytes[^9] ^= 1;
        bytes[3] ^= 1;
        File.WriteAllBytes(file, bytes);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(file)!, "x.refused"), "something else");
        Volatile.Write(ref status, 204);

        Assert.Equal(1, Resend(rig, out var said));

        Assert.Contains("taken, 1 usage records; 1 lost by damage", said, StringComparison.Ordinal);
        Assert.Contains("holds no usage that can be read (foreign)", said, StringComparison.Ordinal);
        Assert.Equal([".damaged", ".refused"], Aside(rig).Select(Path.GetExtension).Order());
        Assert.Equal(bytes, File.ReadAllBytes(Path.ChangeExtension(file, ".damaged")));
    }

    [Fact]
    public async Task Refused_SentWithAWrongToken_SaysSo()
    {
        var answer = (Status: 400, Refuses: false);
        await using var rig = await ShipperRig.StartAsync(context =>
        {
            context.Response.StatusCode = answer.Status;
            if (answer.Refuses)
            {
                context.Response.Headers[InternalHeaders.Refuses] = InternalHeaders.WrongToken;
            }

            return Task.CompletedTask;
        });
        rig.Rig.Write();
        rig.Rig.Keeper.Flush();
        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.RefusedName) == 1, "it is refused");

        answer = (401, true);
        Assert.Equal(1, Resend(rig, out var refused));
        answer = (503, false);
        Assert.Equal(1, Resend(rig, out var unknown));

        Assert.Contains("refused (status 401). The billing service refuses this gateway: Internal:Token must be the same at both; kept", refused, StringComparison.Ordinal);
        Assert.Contains("not known to be taken (status 503); kept", unknown, StringComparison.Ordinal);
        Assert.Single(Aside(rig));
    }

    [Theory]
    [InlineData(64, "no such command", "billing")]
    [InlineData(64, "no such command", "resend")]
    [InlineData(64, "no such command: 'billing resned'", "billing", "resned", "--urls=http://127.0.0.1:0")]
    [InlineData(64, "no such command: 'sk-pro…'", "sk-proj-0123456789012345678901234567890123456789")]
    [InlineData(78, "is not an option", "billing", "resend", "--journal=x")]
    [InlineData(1, "no billing service", "billing", "resend", "--urls=http://127.0.0.1:0")]
    public void CommandLine_ThatIsNone_SaysSo(int code, string message, params string[] args)
    {
        using var error = new StringWriter();

        Assert.Equal(code, ProcessEnvironment.Build(() => GatewayCommands.Run(args, TextWriter.Null, error)));
        Assert.Contains(message, error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Folder_ThatCannotBeRead_Is1AndSaysWhy()
    {
        await using var rig = await ShipperRig.StartAsync(static _ => Task.CompletedTask);
        var folder = JournalFolder.Aside(rig.Rig.Root);
        // Nobody can follow it, root neither.
        Directory.CreateSymbolicLink(folder, folder);

        Assert.Equal(1, Resend(rig, out var said, out var error));

        Assert.Equal("", said);
        Assert.Contains($"{folder} can't be read: ", error, StringComparison.Ordinal);
        File.Delete(folder);
    }

    [Theory]
    [InlineData("--OpenAI:ApiKey", "billing", "resend")]
    [InlineData("urls=http://127.0.0.1:0")]
    [InlineData("/urls", "http://127.0.0.1:0")]
    public void CommandLine_OfTheGatewayItself_IsNoCommand(params string[] args)
        => Assert.Null(GatewayCommands.Run(args, TextWriter.Null, TextWriter.Null));

    private static string[] Aside(ShipperRig rig) => Directory.GetFiles(JournalFolder.Aside(rig.Rig.Root));

    private static int? Resend(ShipperRig rig, out string said) => Resend(rig, out said, out _);

    private static int? Resend(ShipperRig rig, out string said, out string failed)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = ProcessEnvironment.Build(() => GatewayCommands.Run(
            [
                "billing", "resend", "--urls=http://127.0.0.1:0", $"--services:billing:http:0={rig.Billing}", $"--Internal:Token={ShipperRig.Token}",
                $"--Metering:JournalDirectory={rig.Rig.Root}",
            ],
            output, error));
        said = output.ToString();
        failed = error.ToString();
        return code;
    }
}
