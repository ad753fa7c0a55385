import Glibc
import Language

/// Why the system did not read or write a file, as an error for the user.
enum FileError {
    static func cannotRead(_ path: String, _ code: Int32 = errno) -> RuntimeError {
        RuntimeError("cannot read \(path): \(reason(code))", code: "E300")
    }

    static func cannotWrite(_ path: String, _ code: Int32 = errno) -> RuntimeError {
        RuntimeError("cannot write \(path): \(reason(code))", code: "E300")
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file or folder"
        case EACCES, EPERM: "no permission"
        case ENOSPC, EDQUOT: "the disk is full"
        case EROFS: "the disk is read-only"
        case EISDIR: "it is a folder"
        case ENOTDIR: "a part of the path is a file, not a folder"
        case ENAMETOOLONG: "the name is too long"
        case EMFILE, ENFILE: "too many files are open"
        default: String(cString: strerror(code))
        }
    }
}
