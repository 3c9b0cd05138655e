using Google.Protobuf;

namespace OpenAIProxy.EndToEnd.Tests.Otlp;

/// <summary>A protobuf message read without its schema: what stands under each field number.</summary>
internal sealed class ProtoMessage
{
    private readonly Dictionary<int, List<ByteString>> _bytes = [];
    private readonly Dictionary<int, ulong> _numbers = [];

    public ProtoMessage(ByteString message)
    {
        var input = message.CreateCodedInput();
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.LengthDelimited:
                    (_bytes.TryGetValue(field, out var values) ? values : _bytes[field] = []).Add(input.ReadBytes());
                    break;
                case WireFormat.WireType.Varint:
                    _numbers[field] = input.ReadUInt64();
                    break;
                case WireFormat.WireType.Fixed64:
                    _numbers[field] = input.ReadFixed64();
                    break;
                case WireFormat.WireType.Fixed32:
                    _numbers[field] = input.ReadFixed32();
                    break;
                default:
                    throw new InvalidDataException($"Field {field} has a wire type that OTLP does not use.");
            }
        }
    }

    public IEnumerable<ProtoMessage> Messages(int field) => _bytes.GetValueOrDefault(field, []).Select(b => new ProtoMessage(b));

    public ProtoMessage? Message(int field) => Messages(field).FirstOrDefault();

    public string Text(int field) => _bytes.TryGetValue(field, out var values) ? values[0].ToStringUtf8() : "";

    public string Hex(int field) => _bytes.TryGetValue(field, out var values) ? Convert.ToHexStringLower(values[0].Span) : "";

    public ulong Number(int field) => _numbers.GetValueOrDefault(field);
}
