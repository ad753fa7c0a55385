import Glibc

extension ChatTemplate {
    /// The present day in local time as Llama's templates write it: "24 Nov 2026".
    public static func today() -> String {
        var seconds = time(nil)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return "01 Jan 1970" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let day = parts.tm_mday < 10 ? "0\(parts.tm_mday)" : "\(parts.tm_mday)"
        return "\(day) \(months[Int(parts.tm_mon) % 12]) \(1900 + Int(parts.tm_year))"
    }

    /// The day that a template names for "Today Date" where nobody gives one; nil where it asks for the present day.
    static func date(in template: String) -> String? {
        guard !template.contains("strftime_now"), let start = template.firstRange(of: "date_string = \"") else {
            return nil
        }
        return String(template[start.upperBound...].prefix { $0 != "\"" })
    }

    /// Llama 3.1's messages: a system message is always the first, with two lines of dates at its head.
    static func datedLlama3(_ messages: [ChatMessage], _ date: String) -> String {
        let hasSystem = messages.first?.role == "system"
        return llama3Head("system") + "Cutting Knowledge Date: December 2023\nToday Date: \(date)\n\n"
            + (hasSystem ? trimmed(messages[0].content) : "") + "<|eot_id|>"
            + messages.dropFirst(hasSystem ? 1 : 0).map(llama3).joined()
    }
}
