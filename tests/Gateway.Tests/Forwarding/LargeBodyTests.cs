using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Bodies of any size pass in constant memory. Client, gateway and upstream share this process, so its memory speaks for all three.</summary>
[Collection(nameof(Alone))]
public sealed class LargeBodyTests
{
    private const int Megabyte = 1024 * 1024;

    // Far less than the bodies; but a garbage collector with a large processor cache lets much lie.
    private const int MostGrowth = 200 * Megabyte;

    [Fact]
    public async Task Upload_MultipartOf512Megabytes_ArrivesEqualInConstantMemory()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(simulator.Address, ("OpenAI:ApiKey", Keys.Operator), Quiet);
        await gateway.Client.GetStringAsync("/v1/models");
        using var file = new GeneratedContent(512 * Megabyte);
        using var form = new MultipartFormDataContent("--boundary of ours")
        {
            { new StringContent("batch"), "purpose" },
            { file, "file", "big.jsonl" },
        };
        using var hashed = new HashedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = hashed };
        request.Headers.Add("x-sim-record", "upload");
        var memory = new Memory();
        file.Progress = memory.Look;

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var recorded = Assert.Single(simulator.Recorder.Find("upload"));
        Assert.Equal(hashed.Sent, recorded.BodyBytes);
        Assert.Equal(hashed.Sha256, recorded.BodySha256, ignoreCase: true);
        Assert.InRange(memory.Growth, long.MinValue, MostGrowth);
    }

    [Fact]
    public async Task Upload_ChunkedOf64Megabytes_ArrivesEqual()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(simulator.Address, ("OpenAI:ApiKey", Keys.Operator), Quiet);
        using var hashed = new HashedContent(new GeneratedContent(64 * Megabyte));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads/upload_1/parts") { Content = hashed };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("x-sim-record", "upload");

        using var answer = await gateway.Client.SendAsync(request);

        var recorded = Assert.Single(simulator.Recorder.Find("upload"));
        Assert.Equal(hashed.Sent, recorded.BodyBytes);
        Assert.Equal(hashed.Sha256, recorded.BodySha256, ignoreCase: true);
    }

    [Fact]
    public async Task Download_Of256Megabytes_ArrivesEqualInConstantMemory()
    {
        var sent = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            using var hashed = new HashedContent(new GeneratedContent(256 * Megabyte));
            context.Response.ContentLength = 256 * Megabyte;
            await hashed.CopyToAsync(context.Response.Body);
            sent.SetResult(hashed.Sha256);
        });
        await using var gateway = await GatewayHost.StartAsync(upstream.Address, ("OpenAI:ApiKey", Keys.Operator), Quiet);
        var memory = new Memory();
        using var answer = await gateway.Client.GetAsync("/v1/files/file-1/content", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Megabyte];
        int read;
        while ((read = await body.ReadAsync(buffer).Guarded()) > 0)
        {
            hash.AppendData(buffer, 0, read);
            memory.Look();
        }

        Assert.Equal(await sent.Task.Guarded(), Convert.ToHexString(hash.GetHashAndReset()));
        Assert.InRange(memory.Growth, long.MinValue, MostGrowth);
    }

    [Fact]
    public async Task Streams_AThousandOpenAtOnce_AreAllServed()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var open = 0;
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            Interlocked.Increment(ref open);
            await go.Task;
            await context.Response.WriteAsync("data: [DONE]\n\n");
        });
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:ConnectTimeout", "60s"), Quiet);
        var streams = Enumerable.Range(0, 1000).Select(_ => gateway.Client.GetStringAsync("/v1/responses/resp_1?stream=true")).ToArray();

        await HangGuard.Until(() => Volatile.Read(ref open) >= 1000, "a thousand streams are open");
        go.SetResult();

        Assert.All(await Task.WhenAll(streams).Guarded(), s => Assert.Equal("data: 1\n\ndata: [DONE]\n\n", s));
    }

    // All that is logged is kept: that is memory, too.
    private static (string Name, string Value) Quiet => ($"Logging:{typeof(LogSink).FullName}:LogLevel:Default", "Warning");

    /// <summary>How far the process's memory has grown above what it was at the first look.</summary>
    private sealed class Memory
    {
        private readonly long _start;
        private long _peak;

        public Memory()
        {
            GC.Collect();
            _start = Environment.WorkingSet;
        }

        public long Growth => _peak - _start;

        public void Look() => _peak = Math.Max(_peak, Environment.WorkingSet);
    }

    /// <summary>Bytes that are made while they are sent.</summary>
    private sealed class GeneratedContent(long length) : HttpContent
    {
        public Action? Progress { get; set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var buffer = new byte[Megabyte / 4];
            new Random(1).NextBytes(buffer);
            for (long sent = 0, part = 0; sent < length; sent += buffer.Length, part++)
            {
                BitConverter.TryWriteBytes(buffer, part);
                await stream.WriteAsync(buffer);
                if (part % 64 == 0)
                {
                    Progress?.Invoke();
                }
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }

    /// <summary>Counts and hashes what goes over the wire.</summary>
    private sealed class HashedContent : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public HashedContent(HttpContent inner)
        {
            _inner = inner;
            foreach (var (name, values) in inner.Headers)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        public long Sent { get; private set; }

        public string Sha256 { get; private set; } = "";

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await _inner.CopyToAsync(new Tap(this, stream));
            Sha256 = Convert.ToHexString(_hash.GetHashAndReset());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _hash.Dispose();
                _inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private sealed class Tap(HashedContent owner, Stream to) : Stream
        {
            public override bool CanRead => false;

            public override bool CanSeek => false;

            public override bool CanWrite => true;

            public override long Length => throw new NotSupportedException();

            public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

            public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                owner._hash.AppendData(buffer.Span);
                owner.Sent += buffer.Length;
                await to.WriteAsync(buffer, cancellationToken);
            }

            public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
                => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

            public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override void Flush() => to.Flush();

            public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);

            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

            public override void SetLength(long value) => throw new NotSupportedException();
        }
    }
}
